/** The columns of the silver table that its directories hold, not its files. */
export const PARTITION_COLUMNS = ['ingest_date', 'batch'] as const

/** The longest name of a column in Glue. */
const MAX_NAME = 255

/** Why a silver column can't have a name: Athena and Hive can't hold it. Null for a good name. */
export function columnNameFault(name: string): string | null {
  const wrong = [...name].find(
    character => character < ' ' || character === '\x7f' || ',;:.`\u2028\u2029'.includes(character),
  )
  if (wrong !== undefined) {
    return `the column name ${name} has ${JSON.stringify(wrong)} in it, which a column in Athena can't have`
  }
  if (name.length > MAX_NAME) return `the column name ${name.slice(0, 20)}… is longer than ${MAX_NAME} characters`
  return name === '' ? 'a column has no name' : null
}
