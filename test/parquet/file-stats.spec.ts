import assert from 'node:assert/strict'
import fc from 'fast-check'
import { readFooter } from '../../functions/parquet/metadata/footer.ts'
import { fileStats } from '../../functions/parquet/pages/file-stats.ts'
import { Duck } from '../support/duckdb.ts'
import { sourceOf } from '../support/lake-files.ts'

/** Columns by their SQL, and the SQL of a bound as Delta's JSON has it; null for columns that have none. */
const COLUMNS: Readonly<Record<string, readonly [sql: string, bound: string | null]>> = {
  tiny: ['(i % 200 - 100)::TINYINT', '{}'],
  number: ['(i * 1000 - 5000)::INT', '{}'],
  long: ['i * 4000000000 - 9', '{}'],
  day: ["DATE '2026-11-30' - (i % 3000 * 40)::INT", "strftime({}, '%Y-%m-%d')"],
  instant: [
    'make_timestamptz(1796032677000001 - i * 86400000001)',
    "strftime({} AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%M:%S.%fZ')",
  ],
  huge: ['i + 9007199254740992', null],
  old: ["DATE '1500-01-01' + i::INT", null],
  text: ["'t' || i", null],
  real: ['i / 3', null],
  exact: ['(i / 3)::DECIMAL(9, 2)', null],
  many: ['[i]', null],
}

describe('property: the statistics of a file', function () {
  this.timeout(60_000)
  let duck: Duck
  before(async () => {
    duck = await Duck.open()
  })
  after(() => duck.close())

  it('are what a query says, or nothing', async () => {
    const arbitrary = fc.record({ rows: fc.integer({ min: 1, max: 5000 }), nulls: fc.integer({ min: 1, max: 9 }) })
    await fc.assert(
      fc.asyncProperty(arbitrary, async ({ rows, nulls }) => {
        const columns = Object.entries(COLUMNS).map(
          ([name, [sql]]) => `CASE WHEN i % ${nulls} > 0 THEN ${sql} END AS ${name}`,
        )
        const bytes = await duck.parquet(`SELECT ${columns.join(', ')} FROM range(${rows}) t(i)`, 'ROW_GROUP_SIZE 2048')
        const { nullCount, minValues, maxValues } = fileStats(await readFooter(sourceOf('f', bytes)))
        const file = `read_parquet('${duck.file(bytes)}')`
        for (const [name, [, bound]] of Object.entries(COLUMNS)) {
          const isFlat = name !== 'many'
          assert.equal(nullCount[name], isFlat ? Math.ceil(rows / nulls) : undefined, name)
          const ask = (of: string) => (bound === null ? 'NULL' : bound.replace('{}', `${of}(${name})`))
          const [row] = await duck.rows(`SELECT ${ask('min')} AS low, ${ask('max')} AS high FROM ${file}`)
          const texts = (values: unknown[]) => values.map(value => String(value ?? 'none')) // a bigint is a text there
          assert.deepEqual(texts([minValues[name], maxValues[name]]), texts([row?.low, row?.high]), name)
        }
      }),
      { numRuns: 20 },
    )
  })
})
