import assert from 'node:assert/strict'
import { StoreUnavailable } from '../../functions/base/errors.ts'
import { type Fields, jsonLog, observed, subjectOf } from '../../functions/base/logger.ts'
import { embedMetrics, type Metrics } from '../../functions/base/metrics.ts'

const scope = { namespace: 'Silversmith', pipeline: 'silversmith-test' }
const query = 'silver/reviews/_silversmith/runs/20261124T071500Z-3f9a12cd/20261124T071500Z-3f9a12cd00000000/query.json'

function collect() {
  const lines: [string, Fields, Metrics][] = []
  return {
    lines,
    log: (level: string, fields: Fields, metrics: Metrics = {}) => void lines.push([level, fields, metrics]),
  }
}

describe('jsonLog()', () => {
  it('writes one line of JSON with the time, and the metrics as CloudWatch reads them', () => {
    const written: string[] = []
    const log = jsonLog(
      line => void written.push(line),
      () => Date.UTC(2026, 10, 24),
      scope,
    )
    log('info', { worker: 'commit', message: 'done\n', batch: 'b' }, { RowsRead: 5, BytesRead: 7 })
    assert.equal(written.length, 1)
    const [line = ''] = written
    assert.equal(line.indexOf('\n'), line.length - 1)
    assert.deepEqual(JSON.parse(line), {
      time: '2026-11-24T00:00:00.000Z',
      level: 'info',
      worker: 'commit',
      message: 'done\n',
      batch: 'b',
      _aws: {
        Timestamp: Date.UTC(2026, 10, 24),
        CloudWatchMetrics: [
          {
            Namespace: 'Silversmith',
            Dimensions: [['Pipeline']],
            Metrics: [
              { Name: 'RowsRead', Unit: 'Count' },
              { Name: 'BytesRead', Unit: 'Bytes' },
            ],
          },
        ],
      },
      Pipeline: 'silversmith-test',
      RowsRead: 5,
      BytesRead: 7,
    })
  })

  it('embeds nothing if there is nothing to measure', () => {
    assert.deepEqual(embedMetrics({}, scope, 0), {})
  })
})

describe('observed()', () => {
  it('says how an invocation ended, and what was odd about it', async () => {
    const { lines, log } = collect()
    const report = () => ({ fields: { rows: 3 }, metrics: { RowsRead: 3 }, warnings: [{ message: 'quarantined' }] })
    assert.equal(await observed('join', async () => 'output', report, log)({ query, item: { item: 4 } }), 'output')
    const subject = {
      worker: 'join',
      batch: '20261124T071500Z-3f9a12cd',
      attempt: '20261124T071500Z-3f9a12cd00000000',
      item: 4,
    }
    assert.deepEqual(lines[0], ['warn', { ...subject, message: 'quarantined' }, {}])
    const [level, { milliseconds, ...fields }, metrics] = lines[1] ?? assert.fail('no second line')
    assert.deepEqual([level, fields, metrics], ['info', { ...subject, message: 'done', rows: 3 }, { RowsRead: 3 }])
    assert.equal(typeof milliseconds, 'number')
  })

  it('names the error of an invocation that failed, and rethrows it', async () => {
    for (const [error, level] of [
      [new StoreUnavailable('S3 is away'), 'warn'],
      [new TypeError('a bug'), 'error'],
    ] as const) {
      const { lines, log } = collect()
      const run = observed(
        'plan',
        () => Promise.reject(error),
        () => ({ fields: {} }),
        log,
      )
      await assert.rejects(run({ execution: 'arn:aws:states:x:0:execution:silver:night' }), error)
      const [told, fields] = lines[0] ?? assert.fail('no line')
      assert.deepEqual(
        [told, fields.error, fields.message, fields.execution],
        [level, error.name, error.message, 'night'],
      )
    }
  })
})

describe('subjectOf()', () => {
  it('finds batch and attempt in a state, and nothing in what is not an input', () => {
    assert.deepEqual(subjectOf({ state: { work: { batch: 'b', attempt: 'a', rows: 5 } } }), {
      batch: 'b',
      attempt: 'a',
    })
    for (const input of [null, 5, 'text', [], { state: null }, { item: 5 }]) assert.deepEqual(subjectOf(input), {})
  })
})
