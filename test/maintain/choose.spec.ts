import assert from 'node:assert/strict'
import type { FoundAttempt } from '../../functions/maintain/rebuild/attempts.ts'
import { chooseAttempts, type Known } from '../../functions/maintain/rebuild/choose.ts'
import { NO_ROWS } from '../../functions/protocol/commit.ts'
import type { ItemResult } from '../../functions/protocol/result.ts'

interface Told {
  readonly joins?: readonly string[]
  readonly parks?: readonly string[]
  readonly takes?: readonly string[]
  readonly leavesOut?: readonly string[]
  readonly rows?: number
  readonly operation?: 'append' | 'replace'
  readonly broken?: string
}

/** An attempt planned in a minute, at a batch of that minute or, written again, of an earlier one. */
function found(minute: number, told: Told = {}, batchMinute = minute): FoundAttempt {
  const second = (of: number) => `20261124T07${String(of).padStart(2, '0')}00Z`
  const batch = `${second(batchMinute)}-00000000`
  const attempt = `${second(minute)}-0000000000000000`
  const { joins = [], parks = [], takes = [], leavesOut = [], rows = 1, operation = 'append', broken } = told
  const version = (key: string) => ({ key, etag: `"${key}"` })
  const result: ItemResult = {
    ...({ format: 1, operation, batch, attempt, ingestDate: '2026-11-24', item: 0, items: 1 } as const),
    plannedAt: new Date(Date.UTC(2026, 10, 24, 7, minute)).toISOString(),
    ...{ plan: 'plan', query: 'query', reviews: [], customers: null },
    bronze: joins.map(key => ({ ...version(key), size: 1, modified: '2026-11-24T00:00:00.000Z', rows: NO_ROWS })),
    unparked: takes.map(key => ({ ...version(key), rows: NO_ROWS })),
    parked: parks.map(key => ({ key, rows: 1, since: '2026-11-24T00:00:00.000Z', bronze: [] })),
    ...{ kept: [], excluded: leavesOut, supersedes: [], quarantined: [], deferred: [] },
  }
  const location = `ingest_date=2026-11-24/batch=${batch}/${attempt}/`
  return {
    batch,
    attempt,
    location,
    results: [{ result, size: 1, rows, stats: { nullCount: {}, minValues: {}, maxValues: {} } }],
    broken,
  }
}

const again = (minute: number, batchMinute: number, told: Told = {}) =>
  found(minute, { operation: 'replace', ...told }, batchMinute)

function choose(
  attempts: readonly FoundAttempt[],
  known: Partial<Omit<Known, 'locations'>> & { readonly seen?: readonly FoundAttempt[] } = {},
) {
  const { seen = [], ...others } = known
  const locations = new Map(seen.map(({ location }) => [location, 'the catalog']))
  const { chosen, decisions } = chooseAttempts(attempts, {
    ...{ left: [], empty: new Set(), versions: new Map(), abandoned: new Set() },
    told: seen.length + (known.empty?.size ?? 0) > 0,
    ...{ locations, ...others },
  })
  return { chosen, reasons: decisions.map(line => line.replace(/^(\w[\w ]*): \S+ of batch \S+?(:|,)/, '$1:')) }
}

describe('chooseAttempts()', () => {
  it('takes whole attempts by age, and says so of those that nobody has registered', () => {
    const [old, young] = [found(1, { joins: ['a'] }), found(2, { joins: ['b'] })]
    const { chosen, reasons } = choose([young, old], { seen: [young] })
    assert.deepEqual(chosen, [old, young])
    assert.deepEqual(reasons, ['taken: nobody has registered it, and nothing contradicts it'])
  })

  it('never takes an attempt that is not whole, or was abandoned, and misses it where readers have seen it', () => {
    const cut = found(1, { broken: 'it has 1 of 2 files' })
    const left = found(2)
    const { chosen, reasons } = choose([cut, left], { seen: [cut], abandoned: new Set([left.attempt]) })
    assert.deepEqual(chosen, [])
    assert.deepEqual(reasons, [
      'not taken: it has 1 of 2 files',
      'not taken: it was abandoned, because nobody finished it',
      `missing: ${cut.location}, which the catalog has, has no whole attempt`,
    ])
  })

  it('takes what readers have seen before older ones with the same files', () => {
    const [orphan, seen] = [found(1, { joins: ['a', 'b'] }), found(2, { joins: ['b', 'c'] })]
    const { chosen, reasons } = choose([orphan, seen], { seen: [seen] })
    assert.deepEqual(chosen, [seen])
    assert.deepEqual(reasons, [`not taken: ${seen.attempt} has the same files or batch`])
  })

  it('puts what parked rows before what took them in, whatever their clocks said', () => {
    const parker = found(30, { joins: ['a'], parks: ['p'] })
    const taker = found(10, { takes: ['p'], parks: ['q'] })
    const last = found(5, { takes: ['q'] })
    assert.deepEqual(choose([last, taker, parker], { seen: [last, taker, parker] }).chosen, [parker, taker, last])
  })

  it('puts commits that are left in the order of their versions, and the others around them', () => {
    const [first, second, third] = [found(3), found(1), found(2)]
    const versions = new Map([
      [first.attempt, 4],
      [second.attempt, 9],
    ])
    const { chosen } = choose([first, second, third], { versions, seen: [first, second, third] })
    assert(chosen.indexOf(first) < chosen.indexOf(second))
    assert.equal(chosen.length, 3)
  })

  it('finds a batch without rows, which the catalog has not, through the batch that took its rows in', () => {
    const orphan = found(1, { joins: ['a'], parks: ['o'], rows: 0 })
    const parker = found(2, { joins: ['a'], parks: ['p'], rows: 0 })
    const between = found(3, { takes: ['p'], parks: ['q'], rows: 0 })
    const taker = found(4, { takes: ['q'] })
    assert.deepEqual(choose([orphan, parker, between, taker], { seen: [taker] }).chosen, [parker, between, taker])
  })

  it('takes of a batch that nobody has seen the attempt that wrote the parked file, not one that was to follow it', () => {
    const parker = found(1, { joins: ['a'], parks: ['p'], rows: 0 })
    const died = again(3, 1, { joins: ['a'], leavesOut: ['p'], rows: 0 })
    const taker = found(2, { takes: ['p'] })
    assert.deepEqual(choose([died, parker, taker], { seen: [taker] }).chosen, [parker, taker])
  })

  it('takes the attempt that left a parked file out for its parker when the one that wrote it is gone', () => {
    const replaced = again(3, 1, { joins: ['a'], leavesOut: ['p'], rows: 0 })
    const taker = found(2, { takes: ['p'] })
    assert.deepEqual(choose([taker, replaced], { seen: [taker] }).chosen, [replaced, taker])
  })

  it('takes of a batch of which the catalog has a partition without rows the newest attempt without rows', () => {
    const first = found(1, { joins: ['a'], rows: 0 })
    const [second, third] = [again(5, 1, { joins: ['a'], rows: 0 }), again(6, 1, { joins: ['a'], rows: 0 })]
    const died = again(7, 1, { joins: ['a'], rows: 9 })
    const attempts = [first, second, third, died]
    // it had been committed before it was written again
    assert.deepEqual(choose(attempts, { empty: new Set([first.batch]) }).chosen, [first, third])
  })

  it('takes the newest attempt of a batch of which nothing is known, at the place of the batch', () => {
    const [first, later] = [found(1, { joins: ['a'] }), found(2, { joins: ['b'] })]
    const [second, third] = [again(5, 1, { joins: ['a'] }), again(6, 1, { joins: ['a'] })]
    assert.deepEqual(choose([first, second, third, later]).chosen, [third, later])
  })

  it('does not take an attempt whose rows come from one that was not taken', () => {
    const seen = found(3, { joins: ['a'] })
    const orphan = found(1, { joins: ['a'], parks: ['p'] })
    const taker = found(2, { takes: ['p'] })
    const { chosen, reasons } = choose([orphan, taker, seen], { seen: [seen] })
    assert.deepEqual(chosen, [seen])
    assert.deepEqual(reasons, [
      `not taken: ${seen.attempt} has the same files or batch`,
      'not taken: it took in p, which no attempt that was taken has parked',
    ])
  })

  it('takes one that readers have seen all the same, and warns of what may come twice', () => {
    const taker = found(2, { takes: ['p'] })
    const { chosen, reasons } = choose([taker], { seen: [taker] })
    assert.deepEqual(chosen, [taker])
    assert.equal(reasons.length, 1)
    assert.match(reasons[0] ?? '', /took in p, and the batch that parked it is gone: .* these rows come twice/)
  })

  it('lets no two attempts take in the same parked file', () => {
    const parker = found(1, { joins: ['a'], parks: ['p'] })
    const [first, second] = [found(2, { takes: ['p'] }), found(3, { takes: ['p'] })]
    assert.deepEqual(choose([parker, first, second], { seen: [parker, second] }).chosen, [parker, second])
    assert.deepEqual(choose([parker, first, second]).chosen, [parker, first])
  })
})
