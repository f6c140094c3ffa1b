import assert from 'node:assert/strict'
import type { CompiledQuery } from '../../functions/sql/compiled.ts'
import { InvalidQuery } from '../../functions/sql/invalid.ts'
import { printType } from '../../functions/sql/type-text.ts'
import type { Value } from '../../functions/sql/types.ts'
import { dimensionsOf, joined, withRowsOfDerived } from '../support/joining.ts'
import { sourceOf } from '../support/lake-files.ts'
import { readParquetRows } from '../support/parquet-rows.ts'
import { referenceJoin } from '../support/reference-join.ts'
import { type Cell, encodeCell } from './cells.ts'
import { compileOver, type ParityLake, readLake } from './lake.ts'
import { type Answer, readAnswers, readQueries } from './queries.ts'

/** What runs a compiled query over the parity lake and gives the rows of its output. */
type Subject = (query: CompiledQuery, lake: ParityLake) => Promise<readonly (readonly Value[])[]>

/** Whatever joins can be put here: each must give Spark's rows. */
const SUBJECTS: Readonly<Record<string, Subject>> = {
  'the reference join': async (query, lake) =>
    referenceJoin(await withRowsOfDerived(query, tablesOf(lake)), lake.reviews, lake.tables).rows,
  'the join engine': async (query, lake) => {
    const { silver } = await joined(query, await dimensionsOf(query, tablesOf(lake)), sourcesOf(lake.reviews))
    return (await readParquetRows(silver)).rows
  },
}

function sourcesOf(files: ParityLake['reviews']) {
  return files.map(({ key, bytes, path }) => sourceOf(key, bytes, { path }))
}

function tablesOf({ tables }: ParityLake) {
  return Object.fromEntries(Object.entries(tables).map(([name, files]) => [name, sourcesOf(files)]))
}

const queries = (await readQueries()).filter(({ kind }) => kind !== 'static')
const answers = await readAnswers()

for (const [name, subject] of Object.entries(SUBJECTS)) {
  describe(`parity of ${name} with Spark ${answers.spark}`, () => {
    let lake: ParityLake
    let equal = 0
    before(async () => {
      lake = await readLake()
    })
    after(() => {
      const alike = queries.filter(({ kind }) => kind !== 'refused here').length
      const differing = queries.length - alike
      console.log(`    parity: ${equal} of ${alike} queries equal to Spark, ${differing} refused here on purpose`)
    })

    for (const query of queries) {
      it(query.kind === 'same' ? query.name : `${query.name} (${query.kind})`, async () => {
        const answer = answers.queries[query.name]
        assert.ok(answer, 'run test/parity/expect.py: there is no answer of Spark')
        if (query.kind === 'same') await compareRows(query.sql, answer, subject, lake)
        else await compareRefusal(query.sql, answer, query.kind, lake)
        if (query.kind !== 'refused here') equal++
      })
    }
  })
}

async function compareRows(sql: string, answer: Answer, subject: Subject, lake: ParityLake): Promise<void> {
  assert.ok('rows' in answer)
  const query = await compileOver(lake, sql)
  const names = (columns: readonly { name: string; type: string }[]) =>
    columns.map(({ name, type }) => `${name} ${type}`)
  assert.deepEqual(
    names(query.output.map(({ name, type }) => ({ name, type: printType(type) }))),
    names(answer.schema.map(([name, type]) => ({ name, type }))),
  )
  const rows = await subject(query, lake)
  const cells = rows.map(row => row.map((value, i) => encodeCell(value, query.output[i]?.type ?? 'string')))
  assert.deepEqual(sorted(cells), sorted(answer.rows))
  for (const [i, { name, nullable }] of query.output.entries()) {
    assert.ok(nullable || cells.every(row => row[i] !== null), `${name} is said never to be NULL`)
  }
}

async function compareRefusal(sql: string, answer: Answer, kind: string, lake: ParityLake): Promise<void> {
  assert.ok('refused' in answer)
  assert.equal(answer.refused, kind === 'refused', 'Spark does otherwise')
  await assert.rejects(compileOver(lake, sql), InvalidQuery)
}

function sorted(rows: readonly (readonly Cell[])[]): string[] {
  return rows.map(row => JSON.stringify(row)).sort()
}
