import { checkLog } from '../../functions/log/check.ts'
import { readWholeLog } from '../../functions/planning/whole-log.ts'
import { BrokenLog } from '../../functions/runtime/errors.ts'
import { defineCommand } from '../command.ts'
import { ANY_LAKE_OPTIONS, type OpenLake, openAnyLake } from '../open-lake.ts'
import { table } from '../table.ts'
import { print } from '../terminal/print.ts'
import { many } from '../text.ts'

/** What people look at by hand. */
const USUAL = ['product_title', 'star_rating', 'review_timestamp', 'customer_name', 'gender', 'city', 'state']

/** Queries count other rows than the commits have. */
class CountMismatch extends Error {
  override readonly name = 'CountMismatch'
}

export default defineCommand(
  {
    purpose:
      'Reads the whole log and names each commit that is missing or was altered. Then shows some rows of silver, and compares ' +
      'for each batch what a query counts with what the log says. The exit status is not 0 where something is wrong.',
    options: ANY_LAKE_OPTIONS,
  },
  async values => {
    const lake = await openAnyLake(values)
    const faults = await checkLog(lake.store, lake.layout)
    if (faults.length > 0) {
      for (const fault of faults) print(`- ${fault}`)
      throw new BrokenLog(`the log ${lake.layout.log} has ${many(faults.length, 'fault')}: ${faults[0]}`)
    }
    const { state } = (await readWholeLog(lake.store, lake.layout)).log
    if (state.batches.size === 0) return print('the log is empty: there is nothing to validate yet')
    const has = (name: string) => state.schema.some(column => column.name.toLowerCase() === name)
    const usual = USUAL.filter(has)
    if (usual.length > 0) await show(lake, `SELECT ${usual.join(', ')} FROM silver.reviews LIMIT 10`)
    for (const column of ['star_rating', 'state'].filter(has)) {
      await show(
        lake,
        `SELECT ${column}, COUNT(*) AS reviews FROM silver.reviews GROUP BY ${column} ORDER BY 2 DESC LIMIT 10`,
      )
    }
    const { rows } = await lake.query('SELECT batch, COUNT(*) AS n FROM silver.reviews GROUP BY batch')
    const counted = new Map(rows.map(([batch, n]) => [String(batch), Number(n)]))
    const committed = new Map(
      [...state.batches.values()].map(({ batch, silver }) => [batch, silver.reduce((sum, file) => sum + file.rows, 0)]),
    )
    const batches = [...new Set([...counted.keys(), ...committed.keys()])]
    const wrong = batches.filter(batch => (counted.get(batch) ?? 0) !== (committed.get(batch) ?? 0))
    if (wrong.length > 0) {
      const differences = wrong
        .slice(0, 20)
        .map(batch => [batch, committed.get(batch) ?? null, counted.get(batch) ?? null])
      print(table(['batch', 'rows in the log', 'rows in a query'], differences))
      throw new CountMismatch(
        `${wrong.length} of ${many(batches.length, 'batch')} differ: run the pipeline, then again; if they differ still, ` +
          `silver files are gone or altered: restore them, or npx silversmith backfill --reprocess --batch ${wrong[0]}`,
      )
    }
    const total = [...committed.values()].reduce((sum, n) => sum + n, 0)
    print(`${many(batches.length, 'batch')}, ${many(total, 'row')}: a query counts in each batch what the log says`)
  },
)

async function show({ query }: OpenLake, sql: string): Promise<void> {
  const { columns, rows } = await query(sql)
  print(`${sql}\n${table(columns, rows)}\n`)
}
