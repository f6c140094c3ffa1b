import { BrokenLog } from '../../functions/base/errors.ts'
import { many } from '../../functions/base/text.ts'
import { checkLog } from '../../functions/log/check.ts'
import { findCatalogFault, repairCatalog } from '../../functions/maintain/catalog-fault.ts'
import { repairLine } from '../../functions/readers/athena/repairs.ts'
import { readWholeLog } from '../../functions/readers/whole-log.ts'
import type { Column } from '../../functions/sql/types.ts'
import { defineCommand, factsJson, JSON_OPTION } from '../command-line/command.ts'
import { sameLake } from '../command-line/same-lake.ts'
import type { OpenLake } from '../lakes/lake.ts'
import { ANY_LAKE_OPTIONS, openAnyLake } from '../lakes/open-lake.ts'
import { print } from '../terminal/print.ts'
import { table } from '../terminal/table.ts'

/** Lines of a table at most. */
const SHOWN = 20
/** What people look at by hand. */
const USUAL = ['product_title', 'star_rating', 'review_timestamp', 'customer_name', 'gender', 'city', 'state']

/** Queries count other rows than the commits have, or the catalog has other partitions. */
class CountMismatch extends Error {
  override readonly name = 'CountMismatch'
}

export default defineCommand(
  {
    purpose:
      'Reads the whole log and names each commit that is missing or altered. Then shows some rows of silver, and compares ' +
      'each partition of the catalog (or the Delta log, where Athena goes by that), and the rows that a query counts in each ' +
      'batch, with the log. The exit status is 1 if something is wrong.',
    options: {
      ...ANY_LAKE_OPTIONS,
      ...JSON_OPTION,
      repair: {
        type: 'boolean',
        default: false,
        help:
          'drop partitions that no commit has, move those with the wrong location, add missing ones, as runs do too; or ' +
          'write what is missing from the Delta log',
      },
    },
  },
  async values => {
    const lake = await openAnyLake(values)
    const faults = await checkLog(lake.store, lake.layout)
    if (faults.length > 0) {
      for (const fault of faults) print(`- ${fault}`)
      throw new BrokenLog(`the log ${lake.layout.log} has ${many(faults.length, 'fault')}: ${faults[0]}`)
    }
    const { state } = (await readWholeLog(lake.store, lake.layout)).log
    const { json } = values
    if (state.batches.size === 0)
      return print(json ? factsJson([]) : 'the log is empty: there is nothing to validate yet')
    if (values.repair) {
      const line = repairLine(await repairCatalog(lake))
      if (!json) print(`${line ?? 'the catalog was right'}\n`)
    }
    const fault = await findCatalogFault(lake, state)
    if (fault) {
      const { text, partitions } = fault
      if (!json && partitions.length > 0)
        print(table(['partition', 'in the log', 'in the catalog'], partitions.slice(0, SHOWN)))
      throw new CountMismatch(
        `${text}: npx silversmith validate --repair${sameLake(values)} puts that right, as does the next run with new files`,
      )
    }
    const counted = await countRows(lake, sameLake(values))
    if (!json) await showSome(lake, state.schema)
    // a running execution may have committed and published since the log was read
    const now = [...counted.keys()].some(batch => !state.batches.has(batch))
      ? (await readWholeLog(lake.store, lake.layout)).log.state
      : state
    const committed = new Map(
      [...now.batches.values()].map(({ batch, silver }) => [batch, silver.reduce((sum, file) => sum + file.rows, 0)]),
    )
    const batches = [...new Set([...counted.keys(), ...committed.keys()])]
    if (json) {
      const compared = batches.map(batch => [batch, committed.get(batch) ?? null, counted.get(batch) ?? null] as const)
      print(factsJson(compared.map(([batch, inLog, inQuery]) => ({ batch, rowsInLog: inLog, rowsInQuery: inQuery }))))
    }
    const wrong = batches.filter(batch => (counted.get(batch) ?? 0) !== (committed.get(batch) ?? 0))
    if (wrong.length > 0) {
      const differences = wrong
        .slice(0, SHOWN)
        .map(batch => [batch, committed.get(batch) ?? null, counted.get(batch) ?? null])
      if (!json) print(table(['batch', 'rows in the log', 'rows in a query'], differences))
      throw new CountMismatch(
        `${wrong.length} of ${many(batches.length, 'batch')} differ, and the catalog is right: silver files are gone, altered ` +
          `or were added: restore them, or npx silversmith backfill${sameLake(values)} --reprocess --batch ${wrong[0]}`,
      )
    }
    if (json) return
    const total = [...committed.values()].reduce((sum, n) => sum + n, 0)
    print(`${many(batches.length, 'batch')}, ${many(total, 'row')}: a query counts in each batch what the log says`)
  },
)

/** What a query counts in each batch. Throws CountMismatch where silver can't be read. */
async function countRows({ query }: OpenLake, option: string): Promise<ReadonlyMap<string, number>> {
  try {
    const { rows } = await query('SELECT batch, COUNT(*) AS n FROM silver.reviews GROUP BY batch')
    return new Map(rows.map(([batch, n]) => [String(batch), Number(n)]))
  } catch (error) {
    const [, file, batch] = /'([^']*\/batch=([^/']+)\/[^']*)'/.exec(error instanceof Error ? error.message : '') ?? []
    if (file === undefined) throw error
    throw new CountMismatch(
      `silver file ${file} is damaged: restore it, or npx silversmith backfill${option} --reprocess --batch ${batch}`,
      { cause: error },
    )
  }
}

/** Some rows, and counts by columns that most tables have. */
async function showSome(lake: OpenLake, schema: readonly Column[]): Promise<void> {
  const has = (name: string) => schema.some(column => column.name.toLowerCase() === name)
  const usual = USUAL.filter(has)
  if (usual.length > 0) await show(lake, `SELECT ${usual.join(', ')} FROM silver.reviews LIMIT 10`)
  for (const column of ['star_rating', 'state'].filter(has)) {
    await show(
      lake,
      `SELECT ${column}, COUNT(*) AS reviews FROM silver.reviews GROUP BY ${column} ORDER BY 2 DESC LIMIT 10`,
    )
  }
}

async function show({ query }: OpenLake, sql: string): Promise<void> {
  const { columns, rows } = await query(sql)
  print(`${sql}\n${table(columns, rows)}\n`)
}
