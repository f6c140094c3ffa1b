/** The settings of serverless.yml that say what Athena's table goes by. */
export interface AthenaTableSettings {
  readonly athenaTable: string
  /** A text where it comes from the command line. */
  readonly delta: boolean | string
}

/** What is wrong with them; undefined if nothing is. */
export function athenaTableFault({ athenaTable, delta }: AthenaTableSettings): string | undefined {
  if (athenaTable !== 'partitions' && athenaTable !== 'delta')
    return `athenaTable is partitions or delta, not ${JSON.stringify(athenaTable)}`
  if (athenaTable === 'partitions' || String(delta) === 'true') return undefined
  return 'athenaTable: delta lets Athena read the Delta log, which delta: false switches off: set delta to true'
}
