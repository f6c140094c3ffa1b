import assert from 'node:assert/strict'
import {
  balances,
  countRules,
  decodeCommit,
  dimensionsOfCommit,
  encodeCommit,
  isOperation,
  NO_ROWS,
  settledKeys,
  sumRows,
  withSome,
} from '../../functions/protocol/commit.ts'
import { parseType } from '../../functions/sql/type-text.ts'
import { batchCommit } from '../support/commits.ts'

const rows = { read: 5, filtered: 1, nullKey: 1, unmatched: 1, matched: 2, written: 3 }

describe('isOperation()', () => {
  it('knows the operations of this version and no others', () => {
    assert.deepEqual(['append', 'replace', 'compact', 'abandon', 'other', '', 1, undefined].map(isOperation), [
      true,
      true,
      true,
      true,
      false,
      false,
      false,
      false,
    ])
  })
})

describe('encodeCommit()', () => {
  it('names members as in lakes and types by their text, and decodeCommit() reads them back', () => {
    const columns = [{ name: 'tags', type: parseType('array<string>') }]
    const commit = batchCommit(3, ['a'], { reviews: columns, schema: columns, excluded: ['p'], reclaimed: ['q'] })
    const { excluded, reclaimed, superseded, ...rest } = commit
    const text = [{ name: 'tags', type: 'array<string>' }]
    const names = { leftOut: ['p'], takenBack: ['q'], outdated: [] }
    assert.deepEqual(encodeCommit(commit), { ...rest, ...names, reviews: text, schema: text })
    assert.deepEqual(decodeCommit(JSON.parse(JSON.stringify(encodeCommit(commit))), 'key'), commit)
  })

  it('leaves an abandon as it is', () => {
    const { batch, attempt, committedAt, execution } = batchCommit(1, [])
    const abandon = { format: 1, version: 1, operation: 'abandon', batch, attempt, committedAt, execution } as const
    assert.deepEqual(encodeCommit(abandon), abandon)
    assert.deepEqual(decodeCommit(abandon, 'key'), abandon)
  })
})

describe('dimensionsOfCommit()', () => {
  const files = [{ key: 'f', etag: '"f"' }]
  const customers = { name: 'customers', snapshot: 'c', rows: 1, files: [{ ...files[0], size: 9 }] }
  const products = { name: 'products', snapshot: 'p', rows: 2, files: [] }
  const stores = { name: 'stores', snapshot: 's', rows: 3, files: [] }

  it('separates the customers, and names only the versions of files', () => {
    assert.deepEqual(dimensionsOfCommit([products, customers, stores] as Parameters<typeof dimensionsOfCommit>[0]), {
      customers: { snapshot: 'c', rows: 1, files },
      dimensions: [products, stores],
    })
  })

  it('has no dimensions if there are only customers, and no customers if they are not joined', () => {
    assert.deepEqual(Object.keys(dimensionsOfCommit([{ ...customers, files }])), ['customers'])
    assert.deepEqual(dimensionsOfCommit([products]), { customers: null, dimensions: [products] })
    assert.deepEqual(dimensionsOfCommit([]), { customers: null })
  })
})

describe('sumRows()', () => {
  it('adds up each count', () => {
    const sum = { read: 10, filtered: 2, nullKey: 2, unmatched: 2, matched: 4, written: 6 }
    assert.deepEqual(sumRows([rows, rows]), sum)
    assert.deepEqual(sumRows([]), NO_ROWS)
    const some = { ...rows, generated: 3, rejected: 4 }
    assert.deepEqual(sumRows([some, rows, some]), {
      ...{ read: 15, filtered: 3, nullKey: 3, unmatched: 3, matched: 6, written: 9 },
      ...{ generated: 6, rejected: 8 },
    })
  })
})

describe('withSome()', () => {
  it('has generated and rejected rows only if there are some', () => {
    assert.deepEqual(withSome(rows, { generated: 0, rejected: 0 }), rows)
    assert.deepEqual(withSome(rows, {}), rows)
    assert.deepEqual(withSome(rows, { generated: 1 }), { ...rows, generated: 1 })
    assert.deepEqual(withSome(rows, { rejected: 2 }), { ...rows, rejected: 2 })
  })
})

describe('countRules()', () => {
  it('has each rule once, with what the files that break it say', () => {
    const rules = [
      { name: 'r', action: 'drop' },
      { name: 's', action: 'warn' },
    ] as const
    const broken = (name: string, violated: number) => ({ name, violated, rows: [0] })
    const files = [{ broken: [broken('r', 2), broken('other', 9)] }, {}, { broken: [broken('r', 3)] }]
    assert.deepEqual(countRules(rules, files), [
      { name: 'r', action: 'drop', violated: 5 },
      { name: 's', action: 'warn', violated: 0 },
    ])
  })
})

describe('balances()', () => {
  it('is true of counts that account for every row, including those that generators make', () => {
    assert(balances(NO_ROWS))
    assert(balances(rows))
    assert(balances({ ...rows, generated: 2, rejected: 1, matched: 3 }))
  })

  it('is true of no others', () => {
    for (const wrong of [
      { ...rows, read: 4 },
      { ...rows, generated: 1 },
      { ...rows, rejected: 1 },
      { ...rows, generated: -1, matched: 1 },
      { ...rows, filtered: -1, matched: 4 },
      { ...rows, filtered: 1.5, matched: 1.5 },
    ]) {
      assert(!balances(wrong), JSON.stringify(wrong))
    }
  })
})

describe('settledKeys()', () => {
  it('are those of the files that were joined or quarantined, not of those that were deferred', () => {
    const file = (key: string) => ({ key, etag: `"${key}"`, size: 1, modified: 'then', reason: 'why' })
    const commit = batchCommit(0, ['a', 'b'], { quarantined: [file('c')], deferred: [file('d')] })
    assert.deepEqual(settledKeys(commit), ['a', 'b', 'c'])
  })
})
