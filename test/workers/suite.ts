import assert from 'node:assert/strict'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { S3Store } from '../../functions/adapters/s3/s3-store.ts'
import { runStateMachine } from '../../functions/adapters/step-functions/state-machine.ts'
import { Layout } from '../../functions/lake/layout.ts'
import { createRefresh } from '../../functions/pipeline/refresh/worker.ts'
import type { RunState } from '../../functions/protocol/state.ts'
import { MemoryCatalog } from '../support/memory-catalog.ts'
import { type S3Server, startS3 } from '../support/s3-server.ts'

/** The workers that a lake in S3 is enough for; Refresh needs Athena. */
export const WORKERS = ['plan', 'load-dimensions', 'join', 'commit'] as const
export type WorkerName = (typeof WORKERS)[number]

export const TOKEN = 'the-token-of-this-test'
export const BUCKET = 'lake'

/** Workers that answer HTTP, wherever they run. */
export interface Runtime {
  readonly fetch: (worker: WorkerName, request: RequestInit) => Promise<Response>
  readonly stop: () => Promise<void>
}

/** What every runtime must do alike: a lake in S3, four workers over HTTP, and the state machine that calls them. */
export function describeWorkers(name: string, start: (s3: S3Server) => Promise<Runtime>): void {
  describe(`the workers, ${name}`, () => {
    const layout = new Layout()
    let s3: S3Server
    let runtime: Runtime
    let store: S3Store
    before(async function () {
      this.timeout(60_000)
      s3 = await startS3()
      s3.bucket(BUCKET)
      store = new S3Store(s3.client(), BUCKET)
      await put(store, 'bronze/customers/c.parquet', CUSTOMERS)
      await put(store, 'bronze/reviews/a.parquet', REVIEWS)
      runtime = await start(s3)
    })
    after(async () => {
      await runtime?.stop()
      await s3.close()
    })

    const call = async (worker: WorkerName, payload: unknown, token = TOKEN) => {
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
      const body = typeof payload === 'string' ? payload : JSON.stringify(payload)
      const response = await runtime.fetch(worker, { method: 'POST', headers, body })
      return { status: response.status, type: response.headers.get('content-type'), body: await response.json() }
    }
    /** As a Task of the state machine sees it: an error has the name that the problem has. */
    const task = (worker: WorkerName) => async (payload: unknown) => {
      const { status, body } = await call(worker, payload)
      if (status !== 200) throw Object.assign(new Error(body.detail), { name: body.name })
      return body
    }
    const run = async (execution: string) => {
      const catalog = new MemoryCatalog(store as never, layout) // reads only
      const refresh = createRefresh(() => ({
        store,
        layout,
        catalog,
        clock: Date.now,
        sparkUri: null,
        delta: true,
      })).handler
      const output = await runStateMachine(
        { id: `test:${execution}`, startTime: '2026-11-24T07:15:00.000Z', input: {} },
        {
          workers: {
            plan: task('plan'),
            loadDimensions: task('load-dimensions'),
            join: task('join'),
            commit: task('commit'),
            refresh,
          },
          store,
          retryInterval: 0,
        },
      )
      await store.delete(layout.claim) // nobody can be asked whether the execution has ended
      return output as unknown as RunState // Refresh's output is the machine's
    }

    it('take an execution from bronze to silver', async () => {
      const { reason, committed } = await run('first')
      assert.equal(reason, 'committed')
      assert.deepEqual(committed?.rows, { read: 3, filtered: 0, nullKey: 1, unmatched: 1, matched: 1, written: 1 })
      assert.equal((await run('second')).reason, 'nothing new')
    }).timeout(60_000)

    it('refuse a wrong token, a body that is no JSON, one that is too large, and keys of other places', async () => {
      const query = 'silver/reviews/_silversmith/runs/../../../secrets/query.json'
      for (const [payload, token, status, name] of [
        ['{}', 'wrong', 401, 'Unauthorized'],
        ['{"a":', TOKEN, 400, 'InvalidInput'],
        [`"${'x'.repeat(256 << 10)}"`, TOKEN, 413, 'BodyTooLarge'],
        [{ format: 1, query, item: { item: 0, bronze: [], parked: [] } }, TOKEN, 400, 'InvalidInput'],
      ] as const) {
        const answer = await call('join', payload, token)
        assert.deepEqual([answer.status, answer.body.name], [status, name])
        assert.equal(answer.type, 'application/problem+json')
      }
    })
  })
}

const text = (name: string, data: (string | null)[]) => ({ name, type: 'STRING', nullable: true, data }) as const
const CUSTOMERS = [
  text('customer_id', ['1', '2']),
  text('customer_name', ['Ann', 'Bob']),
  text('gender', ['F', 'M']),
  text('date_of_birth', ['1990-01-01', '1991-01-01']),
  text('city', ['Here', 'There']),
  text('state', ['CO', 'OK']),
]
const REVIEWS = [text('review_id', ['r1', 'r2', 'r3']), text('customer_id', ['1', '9', null])]

async function put(store: S3Store, key: string, columnData: Parameters<typeof parquetWriteBuffer>[0]['columnData']) {
  await store.put(key, new Uint8Array(parquetWriteBuffer({ columnData })))
}
