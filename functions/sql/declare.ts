import { Cursor, describe } from './parse/cursor.ts'
import { parseName } from './parse/select.ts'
import { readType } from './parse/types.ts'
import { caseTwins } from './schema/file-columns.ts'
import type { Column } from './types.ts'

/** silver.sql, bronze.sql if there is one, and the names of the two views where bronze.sql does not give them. */
export interface QueryText {
  readonly sql: string
  readonly declarations: string | null
  readonly reviewsView: string
  readonly customersView: string
}

/** A source as bronze.sql declares it. */
export interface Declaration {
  readonly name: string
  /** None where the files say what columns there are. */
  readonly columns: readonly Column[]
  /** The location as written, without a slash at its end. */
  readonly location: string
}

/**
 * Parses bronze.sql: statements `CREATE EXTERNAL TABLE [IF NOT EXISTS] name [(column type [COMMENT '…'], …)] [COMMENT
 * '…'] [PARTITIONED BY (column type, …)] STORED AS PARQUET LOCATION '…'`, each with a `;` after it. Columns of
 * PARTITIONED BY come last, from the `key=value` segments of the path. Throws InvalidQuery.
 */
export function parseDeclarations(sql: string): Declaration[] {
  const cursor = new Cursor(sql, 'bronze.sql')
  const declarations: Declaration[] = []
  while (cursor.take(';'));
  while (cursor.peek().kind !== 'end') {
    const { at } = cursor.peek()
    const declaration = parseTable(cursor)
    if (declarations.some(({ name }) => name.toLowerCase() === declaration.name.toLowerCase())) {
      cursor.fail(`${declaration.name} is declared twice`, at)
    }
    declarations.push(declaration)
    if (cursor.peek().kind !== 'end' && !cursor.at(';'))
      cursor.fail(`expected ; after the statement, found ${describe(cursor.peek())}`)
    while (cursor.take(';'));
  }
  return declarations
}

function parseTable(cursor: Cursor): Declaration {
  if (!cursor.take('CREATE', 'EXTERNAL', 'TABLE')) {
    cursor.fail(
      `expected CREATE EXTERNAL TABLE, found ${describe(cursor.peek())}; bronze.sql only declares the sources`,
    )
  }
  cursor.take('IF', 'NOT', 'EXISTS')
  const name = parseName(cursor, 'of the table')
  const qualified = cursor.take('.') ? parseName(cursor, 'of the table') : name
  const { at } = cursor.peek()
  const columns = cursor.at('(') ? parseColumns(cursor) : []
  if (cursor.take('COMMENT')) text(cursor, 'as the comment')
  const partitions = cursor.take('PARTITIONED', 'BY') ? parseColumns(cursor) : []
  const twins = caseTwins([...columns, ...partitions])
  if (twins) cursor.fail(twins, at)
  if (!cursor.take('STORED', 'AS', 'PARQUET'))
    cursor.fail(`expected STORED AS PARQUET, found ${describe(cursor.peek())}`)
  cursor.expect('LOCATION', 'after STORED AS PARQUET')
  const location = text(cursor, 'as the location').replace(/\/+$/, '')
  return { name: qualified.text, columns: [...columns, ...partitions], location }
}

function parseColumns(cursor: Cursor): Column[] {
  cursor.expect('(', 'before the columns')
  const columns = cursor.list((): Column => {
    const { text: name } = parseName(cursor, 'of a column')
    const type = readType(cursor)
    if (cursor.take('COMMENT')) text(cursor, 'as the comment')
    return { name, type }
  })
  cursor.expect(')', 'after the columns')
  return columns
}

function text(cursor: Cursor, purpose: string): string {
  const token = cursor.next()
  if (token.kind !== 'string') cursor.fail(`expected a string ${purpose}, found ${describe(token)}`, token.at)
  return token.text
}
