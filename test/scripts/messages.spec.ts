import assert from 'node:assert/strict'
import { DEFAULT_ROOTS } from '../../functions/lake/layout.ts'
import { lineDiff } from '../../functions/maintain/batch/line-diff.ts'
import { parseInput } from '../../functions/protocol/input.ts'
import { defineCommand } from '../../scripts/command-line/command.ts'
import { readFailOn } from '../../scripts/command-line/fail-on.ts'
import { type RequestOptions, readRequest } from '../../scripts/commands/backfill/request.ts'
import { findOtherQuery, otherQueryLines } from '../../scripts/summary/other-query.ts'

const NONE = { quarantined: false, changed: false, reprocess: false, all: false }
const request = (options: Partial<RequestOptions>) => readRequest({ ...NONE, ...options }, DEFAULT_ROOTS)

describe('messages', () => {
  it('name the option that was given, not the field that it becomes', () => {
    for (const [options, message] of [
      [
        { from: 'yesterday' },
        '--from: must be an ISO 8601 time, such as 2026-11-24T07:15:00Z, or a date: it is "yesterday"',
      ],
      [{ to: '2024-02-31' }, '--to: there is no such time as "2024-02-31"'],
      [{ from: '2024-02-02', to: '2024-02-01' }, '--from must be before --to'],
      [{ prefix: '../x' }, '--prefix must lie under bronze/reviews/ without "." or ".." segments'],
      [{ reprocess: true, batch: ['x'] }, '--batch: must be a batch id such as 20261124T071500Z-3f9a12cd'],
    ] as [Partial<RequestOptions>, string][]) {
      assert.throws(() => request(options), { name: 'UsageError', message })
    }
  })

  it('are not needed for a prefix that means what lies under the reviews', () => {
    assert.deepEqual(request({ prefix: '2024/' }), { prefix: 'bronze/reviews/2024/' })
    assert.deepEqual(request({ prefix: 'bronze/reviews/x' }), { prefix: 'bronze/reviews/x' })
    assert.throws(() => parseInput({ prefix: '2024/' }, DEFAULT_ROOTS), /segments: bronze\/reviews\/2024\/\?/)
  })

  it('suggest no lake where none is', async () => {
    const options = { lake: { type: 'string', help: '' } } as const
    const command = defineCommand({ purpose: '', options }, async () => undefined)
    await assert.rejects(command.run('run', ['F']), {
      message: 'run takes options only, not F: npx silversmith run --help lists the options',
    })
  })

  it('say what --fail-on takes', () => {
    assert.deepEqual(
      [...readFailOn('stale=2h, quarantine', ['stale', 'quarantine'], ['stale'])],
      [
        ['stale', 7_200_000],
        ['quarantine', 0],
      ],
    )
    assert.throws(() => readFailOn('late', ['stale', 'quarantine']), {
      message: '--fail-on must be stale or quarantine, not late',
    })
    assert.throws(() => readFailOn('quarantine=1h', ['quarantine']), { message: '--fail-on quarantine takes no age' })
    assert.throws(() => readFailOn('stale=soon', ['stale'], ['stale']), /must be like 30m, 24h or 7d, not soon/)
  })

  it('count the batches of another query, and say how they are written again', () => {
    const state = { batches: new Map([1, 2, 3].map(n => [`b${n}`, { version: n, query: n < 3 ? 'old' : 'new' }])) }
    const log = state as unknown as Parameters<typeof findOtherQuery>[0] // as much of it as is looked at
    assert.deepEqual(findOtherQuery(log, undefined), { batches: 2, of: 3 })
    assert.deepEqual(otherQueryLines(findOtherQuery(log, 'new'), 'silver.sql', ' --lake x'), [
      '2 batches of 3 were made by another query than silver.sql: to see what would change: npx silversmith diff --lake x --all; to write them again: npx silversmith backfill --lake x --reprocess --all',
    ])
    assert.deepEqual(otherQueryLines({ batches: 0, of: 3 }, 'silver.sql', ''), [])
  })

  it('show how a query differs from another, line by line', () => {
    assert.deepEqual(lineDiff('a\nb\nc\n', 'a\nc\nd'), ['  a', '- b', '  c', '+ d'])
    assert.deepEqual(lineDiff('a', 'a'), ['  a'])
  })
})
