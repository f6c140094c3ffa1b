import assert from 'node:assert/strict'
import { checkSort } from '../../../functions/maintain/compact/sort-column.ts'
import { readFooter } from '../../../functions/parquet/metadata/footer.ts'
import { sourceOf } from '../../support/lake-files.ts'
import { compact, mergeableLake, packableLake } from '../../support/packable-lake.ts'
import { readParquetRows } from '../../support/parquet-rows.ts'
import { World } from '../../support/world.ts'
import { batches, itComesBack, seen } from './packed-world.ts'

describe('compactLake() by a column', () => {
  let world: World
  let rows: string[]
  let lake: World
  before(async () => {
    lake = await mergeableLake()
  })
  beforeEach(async () => {
    world = lake.clone()
    rows = await seen(world)
  })
  const sort = (of = world, column = 'STARS') => compact(of, { merge: true, sort: column })

  /** The rows of a lake's first silver file, by the names of its columns, and how its footer says that they are sorted. */
  async function firstFile({ store, layout }: World) {
    const [first] = await batches(world)
    const bytes = await store.get(`${layout.roots.silver}${first?.location}part-00000.parquet`)
    const { columns, rows } = await readParquetRows(bytes)
    const names = columns.map(({ name }) => name)
    const { rowGroups } = await readFooter(sourceOf('silver', bytes))
    return {
      column: (name: string) => rows.map(row => row[names.indexOf(name)]),
      sorting: rowGroups[0]?.sorting,
      names,
    }
  }

  it('writes the rows in its order, whatever its case, and every reader has the same rows', async () => {
    const done = await sort()
    assert.deepEqual(
      done.map(({ outcome, files }) => [outcome, files.after]),
      [['packed', 1]],
    )
    const { column, sorting, names } = await firstFile(world)
    const stars = column('stars')
    assert.deepEqual(
      stars,
      stars.toSorted((a, b) => Number(a) - Number(b)),
    )
    assert(new Set(stars).size > 1)
    assert.deepEqual(sorting, [{ leaf: names.indexOf('stars'), descending: false, nullsFirst: true }])
    assert.deepEqual(await seen(world), rows, 'before readers are told')
    await world.run()
    assert.deepEqual(await seen(world), rows, 'when they are')
  })

  itComesBack(
    'is there again when the log is rebuilt',
    () => ({ world, rows }),
    () => sort(),
    1,
  )

  it('refuses a column that silver does not have, and nothing where nothing is committed', async () => {
    await assert.rejects(sort(world, 'star'), {
      name: 'InvalidInput',
      message: /silver has no such column; did you mean stars\?/,
    })
    assert.deepEqual(await seen(world), rows)
    assert.deepEqual(await sort(new World(), 'star'), [])
  })

  it('packs a batch too large for one commit by nobody who has little time, and says so', async () => {
    const of = await packableLake()
    const done = await compact(of, { mostBytes: 1 })
    assert.deepEqual(
      done.map(({ outcome }) => outcome),
      ['kept', 'kept'],
    )
    assert.match(done[0]?.reason ?? '', /^its files have [\d.]+ kB, more than 1 B: npx silversmith compact packs it$/)
    assert.deepEqual(
      (await compact(of)).map(({ outcome }) => outcome),
      ['packed', 'packed'],
    )
  })
})

describe('checkSort()', () => {
  const silver = [
    { name: 'city', type: 'string' },
    { name: 'Tags', type: { kind: 'array', element: 'string' } },
  ] as const

  it('takes a column that has an order, whatever its case, and refuses one that has none', () => {
    checkSort('CITY', silver)
    assert.throws(() => checkSort('tags', silver), {
      name: 'InvalidInput',
      message: "rows can't be sorted by Tags: its type is array<string>",
    })
    assert.throws(() => checkSort('x', silver), { message: /no such column; there are city and Tags$/ })
  })
})
