import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { hostname } from 'node:os'
import { asExecution, localExecutions } from '../../scripts/process.ts'

const HOUR = 60 * 60 * 1000
const MODULE = new URL('../../scripts/process.ts', import.meta.url).href

const isRunning = (execution: string) => localExecutions.isRunning(execution)

/** An execution as another process of this host, or another host, names it. */
function named(parts: { host?: string; pid?: number; start?: string; time?: number }): string {
  const { host = hostname().replaceAll(':', '-'), pid = process.pid, start = '', time = Date.now() } = parts
  return ['local', host, pid, start, time, crypto.randomUUID()].join(':')
}

/** Lets another process begin an execution, tells its id, and ends the process afterwards. */
async function inAnother(look: (id: string) => Promise<void>): Promise<string> {
  const script = `import { asExecution } from ${JSON.stringify(MODULE)}
    await asExecution(async id => { console.log(id); await new Promise(() => setInterval(() => {}, 1000)) })`
  const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = new Promise(done => child.on('exit', done))
  try {
    const id = await new Promise<string>(done => child.stdout.once('data', data => done(String(data).trim())))
    await look(id)
    return id
  } finally {
    child.kill('SIGKILL')
    await ended
  }
}

describe('executions of local processes', () => {
  it('of this process run until they end, well or not', async () => {
    let id = ''
    await asExecution(async execution => {
      id = execution
      assert(await isRunning(id))
      await asExecution(async other => assert.notEqual(other, id))
      assert(await isRunning(id))
    })
    assert(!(await isRunning(id)))
    await assert.rejects(
      asExecution(async execution => {
        id = execution
        throw new Error('failed')
      }),
    )
    assert(!(await isRunning(id)))
  })

  it('of another process of this host run as long as the process does', async () => {
    const id = await inAnother(async id => assert(await isRunning(id)))
    assert(!(await isRunning(id)), 'however young it is')
  })

  it('do not run in a process that has only their number', async function () {
    if (process.platform !== 'linux') return this.skip() // where a process's start is known
    await inAnother(async id => assert(!(await isRunning(id.split(':').with(3, '1').join(':')))))
  })

  it('of another host count as running for an hour, because nothing is known of its processes', async () => {
    const host = `not-${hostname()}`.replaceAll(':', '-')
    const now = Date.now()
    assert(await isRunning(named({ host, time: now })))
    assert(await isRunning(named({ host, time: now - HOUR / 2 })))
    assert(!(await isRunning(named({ host, time: now - HOUR }))))
    assert(!(await isRunning(named({ host, time: Number.NaN }))))
  })

  it('are no others: what can not be read as one does not run', async () => {
    for (const text of ['', 'local', 'arn:aws:states:eu-west-1:1:execution:silver:x', `local:${hostname()}:x:1:2`]) {
      assert(!(await isRunning(text)), text)
    }
  })
})
