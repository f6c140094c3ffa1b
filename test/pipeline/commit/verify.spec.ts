import assert from 'node:assert/strict'
import { refusal } from '../../../functions/pipeline/commit/verify.ts'
import { NO_ROWS } from '../../../functions/protocol/commit.ts'
import type { BatchPlan, Item } from '../../../functions/protocol/plan.ts'
import type { ItemResult, SilverResult } from '../../../functions/protocol/result.ts'

const stats = { nullCount: {}, minValues: {}, maxValues: {} }
const modified = '2026-11-24T07:00:00.000Z'
const file = (key: string) => ({ key, etag: `"${key}"`, size: 10 })
const item: Item = {
  item: 3,
  bronze: ['a', 'b', 'c', 'd'].map(key => ({ ...file(key), modified })),
  parked: [file('w')],
}
const rows = { read: 4, filtered: 1, nullKey: 1, unmatched: 1, matched: 1, written: 1 }
const plan = {
  ...{ operation: 'append', batch: 'B', attempt: 'A', ingestDate: '2026-11-24', plan: 'hash', items: 5 },
  ...{
    query: { sha256: 'query', joins: [{ kind: 'inner' }] },
    dimensions: [{ name: 'customers', snapshot: 'customers' }],
  },
  ...{ unmatched: 'park', excluded: [], superseded: [] },
} as unknown as BatchPlan // what refusal looks at

const good: ItemResult = {
  ...{ format: 1, operation: 'append', batch: 'B', attempt: 'A', ingestDate: '2026-11-24', plannedAt: modified },
  ...{ item: 3, items: 5, plan: 'hash', query: 'query', reviews: [], customers: 'customers' },
  bronze: [
    { ...file('a'), modified, rows },
    { ...file('b'), modified, rows: NO_ROWS },
  ],
  quarantined: [{ ...file('c'), modified, reason: 'cut short' }],
  deferred: [{ key: 'd', etag: '"d"', reason: 'gone' }],
  parked: [{ key: 'parked/B/A/p', rows: 1, since: modified, bronze: [{ key: 'a', etag: '"a"' }] }],
  ...{ unparked: [], kept: [file('w')], excluded: [], supersedes: [] },
}

function judge(changes: Partial<ItemResult>, rowsInFile = 1): string | undefined {
  const silver: SilverResult = { result: { ...good, ...changes }, size: 100, rows: rowsInFile, stats }
  return refusal(plan, item, silver)
}

describe('refusal()', () => {
  it('has nothing against a result that is the plan’s, whole and balanced', () => {
    assert.equal(judge({}), undefined)
  })

  const [a, b] = good.bronze
  assert(a && b)
  const cases: [string, Partial<ItemResult>, RegExp][] = [
    ['another plan', { plan: 'other' }, /its plan is other, the plan's hash/],
    ['another attempt', { attempt: 'X' }, /its attempt is X/],
    ['another batch', { batch: 'X' }, /its batch is X/],
    ['another item', { item: 2 }, /it is item 2, not 3/],
    ['another number of items', { items: 4 }, /its items is 4/],
    ['another query', { query: 'other' }, /another query/],
    ['other customers', { customers: null }, /other customers/],
    ['a file that was not planned', { bronze: [a, { ...b, key: 'x' }] }, /x occurs twice in it or was not planned/],
    ['another version of a file', { bronze: [a, { ...b, etag: '"2"' }] }, /b occurs twice in it or was not planned/],
    [
      'a parked file as a bronze one',
      { bronze: [a, b, { ...file('w'), modified, rows: NO_ROWS }], kept: [] },
      /w is in it/,
    ],
    ['a bronze file as a parked one', { bronze: [a], kept: [file('w'), file('b')] }, /b is in it as what it is not/],
    ['a file twice', { deferred: [{ key: 'a', etag: '"a"', reason: '' }] }, /a occurs twice/],
    ['a file that it does not mention', { deferred: [] }, /says nothing about \["d"/],
    ['rows that do not balance', { bronze: [{ ...a, rows: { ...rows, read: 5 } }, b] }, /rows of a do not balance/],
    [
      'a count below zero',
      { bronze: [{ ...a, rows: { ...rows, read: 2, filtered: -1 } }, b] },
      /rows of a do not balance/,
    ],
    [
      'other rows than it has written',
      { bronze: [{ ...a, rows: { ...rows, written: 2 } }, b] },
      /says 2 rows were written, its row groups hold 1/,
    ],
    [
      'more parked rows than unmatched ones',
      { parked: [{ key: 'p', rows: 2, since: modified, bronze: [] }] },
      /parked 2 rows of 1 unmatched/,
    ],
    ['fewer parked rows than unmatched ones', { parked: [] }, /parked 0 rows of 1 unmatched/],
    [
      'rows that another attempt parked',
      { parked: [{ key: 'parked/B/X/p', rows: 1, since: modified, bronze: [] }] },
      /^parked\/B\/X\/p is not of this attempt/,
    ],
  ]
  for (const [name, changes, expected] of cases) {
    it(`refuses ${name}`, () => assert.match(judge(changes) ?? 'accepted', expected))
  }

  describe('of a query with rules', () => {
    const rules = [
      { name: 'r', action: 'drop', violated: 2 },
      { name: 's', action: 'warn', violated: 1 },
    ] as const
    const broken = [
      { name: 'r', violated: 2, rows: [0, 1] },
      { name: 's', violated: 1, rows: [1] },
    ]
    const counts = { read: 2, filtered: 0, nullKey: 0, unmatched: 1, matched: 0, written: 0, rejected: 1 }
    const a = { ...file('a'), modified, rows: counts, broken }
    const b = { ...file('b'), modified, rows: NO_ROWS }
    const rejecting = { bronze: [a, b], rules, rejected: [{ key: 'rejected/B/A/p', rows: 2 }] }
    const query = { ...plan.query, rules: rules.map(({ name, action }) => ({ name, action, text: '' })) }
    const judgeRules = (changes: Partial<ItemResult>) => {
      const result = { ...good, ...rejecting, ...changes }
      // as above, with rules
      return (
        refusal({ ...plan, query } as unknown as BatchPlan, item, { result, size: 100, rows: 0, stats }) ?? 'accepted'
      )
    }

    it('has nothing against what they have rejected, counted and named', () => {
      assert.equal(judgeRules({}), 'accepted')
      // one row may break several rules
      assert.equal(judgeRules({ rejected: [{ key: 'rejected/B/A/p', rows: 2 }] }), 'accepted')
    })

    const wrong: readonly (readonly [string, Partial<ItemResult>, RegExp])[] = [
      ['other rules', { rules: rules.slice(0, 1) }, /its rules are not those of the plan/],
      ['another sum', { rules: [{ ...rules[0], violated: 3 }, rules[1]] }, /its rules are not those of the plan/],
      ['fewer rejected rows than break a rule', { rejected: [] }, /it rejected 0 rows, its rules 2 to 2/],
      [
        'more than break one',
        { rejected: [{ key: 'rejected/B/A/p', rows: 3 }] },
        /it rejected 3 rows, its rules 2 to 2/,
      ],
      ['those of another attempt', { rejected: [{ key: 'rejected/B/X/p', rows: 2 }] }, /X\/p is not of this attempt/],
      ['a row that is lost', { bronze: [{ ...a, rows: { ...counts, rejected: 0 } }, b] }, /rows of a do not balance/],
    ]
    for (const [name, changes, expected] of wrong) {
      it(`refuses ${name}`, () => assert.match(judgeRules(changes), expected))
    }

    it('refuses a query without rules that has rejected something', () => {
      assert.match(
        judge({ rejected: [{ key: 'rejected/B/A/p', rows: 1 }] }) ?? 'accepted',
        /it rejected 1 rows, its rules 0 to 0/,
      )
    })
  })

  it('refuses what was joined with other dimensions, by name and by snapshot', () => {
    const [customers] = plan.dimensions
    const products = { name: 'products', snapshot: 'p' }
    const judgeWith = (dimensions: ItemResult['dimensions']) => {
      const result = { ...good, ...(dimensions && { dimensions }) }
      const dimensional = { ...plan, dimensions: [customers, products] } as unknown as BatchPlan // as above
      return refusal(dimensional, item, { result, size: 100, rows: 1, stats })
    }
    assert.equal(judgeWith([products]), undefined)
    for (const other of [
      [],
      [{ ...products, name: 'stores' }],
      [{ ...products, snapshot: 'q' }],
      [products, products],
    ]) {
      assert.equal(judgeWith(other), 'it was joined with other dimensions')
    }
    assert.equal(judgeWith(undefined), 'it was joined with other customers')
  })

  it('refuses a file whose row groups hold other rows than its result says', () => {
    assert.match(judge({}, 0) ?? 'accepted', /says 1 rows were written, its row groups hold 0/)
  })

  const taken = { ...file('w'), rows: { read: 3, filtered: 0, nullKey: 0, unmatched: 2, matched: 1, written: 1 } }
  const takesIn = {
    unparked: [taken],
    kept: [],
    parked: [{ key: 'parked/B/A/p', rows: 3, since: modified, bronze: [] }],
  }

  it('counts the rows of parked files that were taken in like all others', () => {
    assert.equal(judge(takesIn, 2), undefined)
    assert.match(judge(takesIn, 1) ?? 'accepted', /says 2 rows were written, its row groups hold 1/)
    const unbalanced = [{ ...taken, rows: { ...taken.rows, read: 4 } }]
    assert.match(judge({ ...takesIn, unparked: unbalanced }, 2) ?? 'accepted', /rows of w do not balance/)
    const [parked] = takesIn.parked
    assert(parked)
    for (const n of [2, 4]) {
      const said = judge({ ...takesIn, parked: [{ ...parked, rows: n }] }, 2)
      assert.match(said ?? 'accepted', new RegExp(`parked ${n} rows of 3 unmatched`))
    }
  })

  const lenient: [string, object][] = [
    ['rows without a customer are dropped', { unmatched: 'drop' }],
    ['the join keeps them', { query: { sha256: 'query', joins: [{ kind: 'left' }] } }],
    ['one of the joins keeps them', { query: { sha256: 'query', joins: [{ kind: 'inner' }, { kind: 'left' }] } }],
    ['the query has no join', { query: { sha256: 'query', joins: [] } }],
    ['a replace leaves them out', { excluded: ['p'] }],
    ['a newer version is in their place', { superseded: [{ key: 'a', etag: '"0"', parked: ['p'] }] }],
    [
      'some are left out and others have a newer version in their place',
      { excluded: ['p'], superseded: [{ key: 'a', etag: '"0"', parked: ['p'] }] },
    ],
  ]
  for (const [why, changes] of lenient) {
    it(`lets unmatched rows not wait where ${why}`, () => {
      const silver: SilverResult = { result: { ...good, parked: [] }, size: 100, rows: 1, stats }
      assert.equal(refusal({ ...plan, ...changes }, item, silver), undefined)
    })
  }
})
