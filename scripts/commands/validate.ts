import { BrokenLog } from '../../functions/base/errors.ts'
import { many } from '../../functions/base/text.ts'
import { checkLog } from '../../functions/log/check.ts'
import type { FoldedLog } from '../../functions/log/fold.ts'
import { athenaOnDelta } from '../../functions/readers/athena/athena-on-delta.ts'
import type { Registered } from '../../functions/readers/athena/catalog.ts'
import { findDifferences } from '../../functions/readers/athena/differences.ts'
import { athenaPartitions } from '../../functions/readers/athena/partitions.ts'
import { addRepairs, NO_REPAIRS, repairLine } from '../../functions/readers/athena/repairs.ts'
import { deltaTable, findDeltaEnd } from '../../functions/readers/delta/delta-log.ts'
import type { Reader } from '../../functions/readers/reader.ts'
import { refreshReaders } from '../../functions/readers/refresh.ts'
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
      'each partition of the catalog, and the rows that a query counts in each batch, with the log. The exit status is 1 if ' +
      'something is wrong.',
    options: {
      ...ANY_LAKE_OPTIONS,
      ...JSON_OPTION,
      repair: {
        type: 'boolean',
        default: false,
        help: 'drop partitions that no commit has, move those with the wrong location, add missing ones, as runs do too',
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
    if (values.repair) await repair(lake, json)
    await compareCatalog(lake, state, sameLake(values), json)
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

/** Compares what queries go by with the log. Throws CountMismatch. */
async function compareCatalog(
  { store, layout, catalog }: OpenLake,
  state: FoldedLog,
  option: string,
  json: boolean,
): Promise<void> {
  const remedy = `npx silversmith validate --repair${option} puts`
  if (catalog.goesBy === 'delta') {
    const [hasTable, end] = await Promise.all([catalog.hasTable(), findDeltaEnd(store, layout, state)])
    const version = end?.version ?? -1
    if (hasTable && version >= state.version) return
    const fault = hasTable
      ? `the Delta log, by which queries go, ends at version ${version}, and the log at ${state.version}`
      : 'the catalog has no table that goes by the Delta log'
    throw new CountMismatch(`${fault}: ${remedy} it right, as does the next run`)
  }
  const found = differences(await catalog.listPartitions(), state)
  if (found.length === 0) return
  if (!json) print(table(['partition', 'in the log', 'in the catalog'], found.slice(0, SHOWN)))
  throw new CountMismatch(
    `${many(found.length, 'partition')} of the catalog ${found.length === 1 ? 'is' : 'are'} not as the log says: ` +
      `${remedy} them right, as does the next run with new files`,
  )
}

/** Puts the catalog right, slice by slice, and says what was not. */
async function repair(lake: OpenLake, quiet: boolean): Promise<void> {
  let repairs = NO_REPAIRS
  for (let complete = false; !complete; ) {
    const told = await refreshReaders(readersOfAthena(lake), lake, true)
    for (const { error } of told.failures) throw error
    repairs = addRepairs(repairs, told.repairs)
    complete = told.complete
  }
  if (!quiet) print(`${repairLine(repairs) ?? 'the catalog was right'}\n`)
}

function readersOfAthena({ store, layout, catalog }: OpenLake): Reader[] {
  const told = { store, layout, clock: Date.now, checkEvery: 0 }
  if (catalog.goesBy === 'partitions') return [athenaPartitions({ ...told, catalog })]
  return [deltaTable(told), athenaOnDelta({ ...told, catalog })]
}

/** Rows of partition, location in the log and location in the catalog, null where there is none. */
function differences(there: readonly Registered[], state: FoldedLog): (string | null)[][] {
  const { strange, moved, missing } = findDifferences(there, state)
  const name = ({ ingestDate, batch }: Pick<Registered, 'ingestDate' | 'batch'>) => `${ingestDate}/${batch}`
  const locations = new Map(there.map(partition => [name(partition), partition.location]))
  return [
    ...strange.map(partition => [name(partition), null, partition.location]),
    ...moved.map(batch => [name(batch), batch.location, locations.get(name(batch)) ?? null]),
    ...missing.map(batch => [name(batch), batch.location, null]),
  ]
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
