import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { asExecution, isAlive, localExecutions } from '../../../functions/adapters/directory/process.ts'

const HOUR = 60 * 60 * 1000
const MODULE = new URL('../../../functions/adapters/directory/process.ts', import.meta.url).href

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

  it('of a process that nobody reaps have ended with it', async function () {
    if (process.platform !== 'linux') return this.skip() // where zombies are told apart
    // a shell that never waits for its child: what is killed stays as a zombie
    const script = `import { asExecution } from ${JSON.stringify(MODULE)}
      await asExecution(async id => { console.log(id); process.kill(process.pid, 'SIGKILL') })`
    const parent = spawn(
      '/bin/sh',
      ['-c', '"$0" --input-type=module-typescript -e "$1" & exec sleep 60'].concat([process.execPath, script]),
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    )
    const ended = new Promise(done => parent.on('exit', done))
    try {
      const id = await new Promise<string>(done => parent.stdout.once('data', data => done(String(data).trim())))
      const pid = Number(id.split(':')[2])
      while (!/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))) await new Promise(setImmediate)
      assert.equal(await isRunning(id), false)
      assert.equal(isAlive(pid), false)
    } finally {
      parent.kill('SIGKILL')
      await ended
    }
  })

  it('of a process that was stopped may never go on: nothing is known', async function () {
    if (process.platform !== 'linux') return this.skip()
    await inAnother(async id => {
      const pid = Number(id.split(':')[2])
      process.kill(pid, 'SIGSTOP')
      while (!/^\d+ \(.*\) T/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))) await new Promise(setImmediate)
      assert.equal(await isRunning(id), undefined)
    })
  })

  it('of another host, boot or container are unknown, whatever time they say', async () => {
    const host = `not-${hostname()}`.replaceAll(':', '-')
    const years = 5 * 365 * 24 * HOUR
    const now = Date.now()
    for (const time of [now, now - years, now + years, Number.NaN]) {
      assert.equal(await isRunning(named({ host, time })), undefined)
    }
    await asExecution(async id => {
      const [, here = ''] = id.split(':')
      assert.equal(await isRunning(named({ host: `${here}0` })), undefined)
      assert.equal(await isRunning(id), true)
    })
  })

  it('of earlier versions name the host alone, and end with their process', async () => {
    const id = await inAnother(async () => undefined)
    const parts = id.split(':')
    const before = named({ pid: Number(parts[2]), start: parts[3] ?? '' })
    assert.equal(await isRunning(before), false)
  })

  it('are no others: nothing is known of what cannot be read as one', async () => {
    for (const text of ['', 'local', 'arn:aws:states:eu-west-1:1:execution:silver:x', `local:${hostname()}:x:1:2`]) {
      assert.equal(await isRunning(text), undefined, text)
    }
  })
})
