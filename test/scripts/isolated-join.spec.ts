import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { DirectoryStore } from '../../functions/adapters/directory/directory-store.ts'
import { asExecution, isAlive } from '../../functions/adapters/directory/process.ts'
import { Layout } from '../../functions/lake/layout.ts'
import { isolatedJoin, lastRunDied } from '../../scripts/local/isolated-join.ts'

const layout = new Layout()
const attempt = '20261124T071500Z-0123456789abcdef'
const query = layout.query({ batch: attempt.slice(0, -8), attempt })
const payload = { format: 1, query, item: { item: 0, bronze: [], parked: [] } }

describe('Join in a process of its own', () => {
  let root: string
  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'silversmith-'))
  })
  after(() => rm(root, { recursive: true }))

  it('fails with the error of the worker, by its name', async () => {
    await assert.rejects(isolatedJoin(root)(payload), { name: 'PlanExpired', message: /start a new execution/ })
    await assert.rejects(isolatedJoin(root)({}), { name: 'InvalidInput' })
  })

  it('is ended when it takes too long, and fails as Lambda would', async () => {
    await assert.rejects(isolatedJoin(root, undefined, 1)(payload), {
      name: 'Sandbox.Timedout',
      message: /signal: SIGKILL/,
    })
  })

  it('ends with the run that has started it, also where it would never come to an end itself', async () => {
    const module = new URL('../../scripts/local/isolated-join.ts', import.meta.url).href
    const script = `import { isolatedJoin } from ${JSON.stringify(module)}
      await isolatedJoin(${JSON.stringify(root)})(${JSON.stringify(payload)})`
    const preloaded = new URL('../support/dies-in-join.ts', import.meta.url).href
    const env = { ...process.env, DEADLY_FILE: 'query.json', DEADLY_HOW: 'spin', NODE_OPTIONS: `--import ${preloaded}` }
    const run = spawn(process.execPath, ['--input-type=module-typescript', '-e', script], {
      ...{ env, stdio: ['ignore', 'pipe', 'inherit'] },
    })
    const pid = await new Promise<number>(done => run.stdout?.once('data', data => done(Number(data))))
    assert(isAlive(pid))
    run.kill('SIGKILL')
    while (isAlive(pid)) await new Promise(done => setTimeout(done, 20)) // the test's own limit ends it
  })

  it('is wanted after a run that died, and after no other', async () => {
    const store = new DirectoryStore(root)
    const claim = (fields: object) => store.put(layout.claim, new TextEncoder().encode(JSON.stringify(fields)))
    const dead = `local:${hostname().replaceAll(':', '-')}:${2 ** 30}:1:1:x`
    assert(!(await lastRunDied(store, layout)), 'a lake without a claim')
    await claim({ execution: dead, renewals: 1 })
    assert(await lastRunDied(store, layout))
    await claim({ execution: 'local:elsewhere:1:1:1:x', renewals: 1 })
    assert(await lastRunDied(store, layout), 'a container that is gone')
    for (const fields of [
      { released: dead, renewals: 2 },
      { format: 1, execution: dead },
      { renewals: 1, execution: 'arn:aws:states:eu-west-1:1:execution:silver:x' },
    ]) {
      await claim(fields)
      assert(!(await lastRunDied(store, layout)), JSON.stringify(fields))
    }
    await asExecution(async execution => {
      await claim({ execution, renewals: 1 })
      assert(!(await lastRunDied(store, layout)), 'a run that lives')
    })
  })
})
