import assert from 'node:assert/strict'
import { DEFAULT_ROOTS } from '../../functions/lake/layout.ts'
import { nameRequest, type RequestOptions, readRequest } from '../../scripts/commands/backfill/request.ts'

const none: RequestOptions = { quarantined: false, changed: false, reprocess: false, all: false }
const read = (options: Partial<RequestOptions>) => readRequest({ ...none, ...options }, DEFAULT_ROOTS)
const [from, to] = ['2026-01-01', '2026-02-01T12:00:00+01:00']
const batch = '20261124T071500Z-3f9a12cd'

describe('readRequest()', () => {
  it('means every new file when nothing is asked for, and does not give way to the schedule', () => {
    assert.deepEqual(read({}), { prefix: 'bronze/reviews/' })
  })

  it('narrows by prefix, by time, to quarantined files', () => {
    assert.deepEqual(read({ prefix: 'bronze/reviews/2024/' }), { prefix: 'bronze/reviews/2024/' })
    const times = { modifiedFrom: '2026-01-01T00:00:00.000Z', modifiedTo: '2026-02-01T11:00:00.000Z' }
    assert.deepEqual(read({ from, to }), times)
    assert.deepEqual(read({ quarantined: true }), { quarantined: true })
  })

  it('reprocesses named batches, those of a time range, or those whose files have changed', () => {
    assert.deepEqual(read({ reprocess: true, batch: [batch] }), { reprocess: { batches: [batch] } })
    const range = { from: '2026-01-01T00:00:00.000Z', to: '2026-02-01T11:00:00.000Z' }
    assert.deepEqual(read({ reprocess: true, from, to }), { reprocess: range })
    assert.deepEqual(read({ reprocess: true, all: true, after: batch }), { reprocess: { all: true, after: batch } })
    assert.deepEqual(read({ changed: true }), { reprocess: { changed: true } })
  })

  it('refuses what contradicts itself, and what the input of an execution may not be', () => {
    for (const [options, message] of [
      [{ batch: [batch] }, /--batch needs --reprocess/],
      [{ reprocess: true }, /takes --batch, once for each batch, or both --from and --to, or --all/],
      [{ reprocess: true, from }, /both --from and --to/],
      [{ reprocess: true, batch: [batch], from, to }, /takes --batch, once for each batch, or both/],
      [{ reprocess: true, all: true, from, to }, /or --all/],
      [{ all: true }, /--all needs --reprocess/],
      [{ changed: true, reprocess: true }, /leave --reprocess out/],
      [{ changed: true, prefix: 'bronze/reviews/' }, /^UsageError: --changed takes no --prefix$/],
      [{ changed: true, from }, /--changed takes no --from/],
      [{ reprocess: true, all: true, quarantined: true }, /--reprocess takes no --quarantined/],
      [{ prefix: 'silver/' }, /prefix must lie under bronze\/reviews\//],
      [{ reprocess: true, batch: ['no-batch'] }, /batch id/],
      [{ from: 'yesterday' }, /ISO 8601/],
    ] as [Partial<RequestOptions>, RegExp][]) {
      assert.throws(() => read(options), message)
    }
  })
})

describe('nameRequest()', () => {
  it('says what the execution does, in what Step Functions takes for a name', () => {
    const now = Date.UTC(2026, 10, 24, 7, 15)
    for (const [options, start] of [
      [{}, 'backfill-bronze-reviews-20261124T071500-'],
      [{ prefix: 'bronze/reviews/dt=2024 ü/' }, 'backfill-bronze-reviews-dt-2024-20261124T071500-'],
      [{ from, to }, 'backfill-2026-01-01-2026-02-01-20261124T071500-'],
      [{ changed: true }, 'backfill-changed-20261124T071500-'],
      [{ reprocess: true, batch: [batch, batch] }, `backfill-reprocess-2-from-${batch}-20261124T071500-`],
    ] as [Partial<RequestOptions>, string][]) {
      const name = nameRequest(read(options), now)
      assert(name.startsWith(start), name)
      assert.match(name, /^[A-Za-z0-9-]{1,80}$/)
    }
    const long = nameRequest(read({ prefix: `bronze/reviews/${'x/'.repeat(300)}` }), now)
    assert(long.length <= 80, long)
  })
})
