import assert from 'node:assert/strict'
import fc from 'fast-check'
import { addCounts, NO_COUNTS } from '../../functions/engine/join/join-rows.ts'
import { readCommit, readLog } from '../../functions/log/read.ts'
import { explain } from '../../functions/maintain/explain.ts'
import { balances } from '../../functions/protocol/commit.ts'
import type { CompiledQuery } from '../../functions/sql/compiled.ts'
import { InvalidQuery } from '../../functions/sql/invalid.ts'
import { compileOver, type ParityLake, readLake } from '../parity/lake.ts'
import { dimensionsOf, joined } from '../support/joining.ts'
import { sourceOf } from '../support/lake-files.ts'
import { readParquetRows } from '../support/parquet-rows.ts'
import { queries } from '../support/query-grammar.ts'
import { World } from '../support/world.ts'

/** How many queries that are accepted are joined, of which one in ten is run: more by hand. */
const RUNS = Number(process.env.GENERATED_RUNS ?? 200)
/** Where the generator begins: another one draws other queries. */
const SEED = Number(process.env.GENERATED_SEED ?? 20_261_130)

describe('property: explain and run agree', function () {
  this.timeout(3_600_000)
  let lake: ParityLake
  before(async () => {
    lake = await readLake()
  })

  /** The query as the workers read it; null if explain refuses it. */
  async function accepted(sql: string): Promise<CompiledQuery | null> {
    try {
      const query = await compileOver(lake, sql)
      explain(query, { database: 'silver', table: 'reviews' }, 's3://lake/silver/')
      return JSON.parse(JSON.stringify(query))
    } catch (error) {
      if (error instanceof InvalidQuery) return null
      throw error
    }
  }

  it('a query that is accepted joins every row of the lake, and gives what explain says', async () => {
    const sources = (files: ParityLake['reviews']) =>
      files.map(({ key, bytes, path }) => sourceOf(key, bytes, { path }))
    const tables = Object.fromEntries(Object.entries(lake.tables).map(([name, files]) => [name, sources(files)]))
    const property = fc.asyncProperty(queries, async sql => {
      const query = await accepted(sql)
      fc.pre(query !== null)
      const { silver, counts } = await joined(query, await dimensionsOf(query, tables), sources(lake.reviews))
      assert.ok(counts.every(balances))
      assert.equal(counts.reduce(addCounts, NO_COUNTS).read, 96)
      const { rows } = await readParquetRows(silver)
      for (const [i, { name, nullable }] of query.output.entries()) {
        assert.ok(nullable || rows.every(row => row[i] !== null), `${name} is said never to be NULL`)
      }
    })
    await fc.assert(property, { numRuns: RUNS, seed: SEED })
  })

  it('a run takes a query that is accepted, and quarantines nothing', async () => {
    const base = new World()
    for (const { key, bytes } of [lake.reviews, ...Object.values(lake.tables)].flat()) await base.store.put(key, bytes)
    const property = fc.asyncProperty(queries, async sql => {
      fc.pre((await accepted(sql)) !== null)
      const world = base.clone()
      world.sql = sql
      assert.equal((await world.run()).reason, 'committed')
      const { state } = await readLog(world.store, world.layout)
      const commit = await readCommit(world.store, world.layout, state.version)
      assert(commit && commit.operation !== 'abandon')
      assert.deepEqual(commit.quarantined, [])
    })
    await fc.assert(property, { numRuns: RUNS / 10, seed: SEED })
  })
})
