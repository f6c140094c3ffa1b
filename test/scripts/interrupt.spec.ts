import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DirectoryStore } from '../../functions/adapters/directory/directory-store.ts'
import { Layout } from '../../functions/lake/layout.ts'
import { readLog } from '../../functions/log/read.ts'
import { makeLake } from '../../scripts/demo/make-lake.ts'
import { openLake } from '../../scripts/lakes/open-lake.ts'
import { readQuery } from '../../scripts/local/local-settings.ts'
import { runLocal } from '../../scripts/local/run-local.ts'
import { interruptible } from '../../scripts/terminal/interrupt.ts'
import { SILVERSMITH } from './run-command.ts'

const SETTINGS = {
  caps: { maxFilesPerBatch: 10, maxBytesPerBatch: 1e9 },
  ...({ maxConcurrency: 2, unmatched: 'park', ignoreSparkMetadata: false } as const),
  query: () => readQuery({ 'reviews-view': 'bronze_reviews', 'customers-view': 'bronze_customers' }),
}

describe('a run that is interrupted', () => {
  let root: string
  beforeEach(async () => {
    root = mkdtempSync(join(tmpdir(), 'silversmith-'))
    await makeLake(root)
  })
  afterEach(() => rmSync(root, { recursive: true }))

  /** Runs, with a signal when a state is entered for the nth time, and gives the log's version afterwards. */
  async function interrupted(state: string, nth: number): Promise<number> {
    let entered = 0
    const lake = await openLake({ lake: root })
    const run = interruptible(stopping =>
      runLocal({
        ...{ lake, input: {}, settings: SETTINGS, stopping },
        watch: happening => {
          if (happening.type === 'entered' && happening.state === state && ++entered === nth)
            process.emit('SIGINT', 'SIGINT')
        },
      }),
    )
    await assert.rejects(run, {
      name: 'Interrupted',
      message: 'stopped: what is committed stays, and the same command takes the rest',
    })
    assert.deepEqual([process.listenerCount('SIGINT'), process.listenerCount('SIGTERM')], listeners)
    return (await readLog(new DirectoryStore(root), new Layout())).state.version
  }
  const listeners = [process.listenerCount('SIGINT'), process.listenerCount('SIGTERM')]

  /** Runs the command with batches of two files, interrupts it after the first commit, and gives what it has printed. */
  async function interruptedCommand(...options: readonly string[]) {
    writeFileSync(join(root, 'bronze/reviews/part-00000-d.parquet'), 'not Parquet')
    const args = [SILVERSMITH, 'run', '--lake', root, '--max-files', '2', ...options]
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    let isAsked = false
    const printed = { stdout: '', stderr: '' }
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].on('data', (data: Buffer) => {
        printed[name] += data
        if (!isAsked && printed[name].includes('✓ Commit')) isAsked = child.kill('SIGINT')
      })
    }
    const status = await new Promise(resolve => child.on('close', resolve))
    return { status, ...printed }
  }

  it('shows what it has committed, with the warnings, before it says that it was stopped', async () => {
    const { status, stdout, stderr } = await interruptedCommand()
    assert.equal(status, 130)
    assert.match(stdout, /^batch {6}.*\(append, version 0\)$/m)
    assert.match(stdout, /^quarantine bronze\/reviews\/part-00000-d\.parquet: .*\n +repair or replace it, /m)
    assert.doesNotMatch(stdout, /run again/)
    assert.match(stderr, /\nstopped: what is committed stays, and the same command takes the rest\n$/)
  })

  it('does so in JSON', async () => {
    const { status, stdout } = await interruptedCommand('--json')
    assert.equal(status, 130)
    const { reason, more, commits } = JSON.parse(stdout)
    assert.deepEqual([reason, more], ['interrupted', true])
    assert(commits.length >= 1 && commits.length < 11)
    assert.equal(commits[0].quarantined[0].key, 'bronze/reviews/part-00000-d.parquet')
  })

  it('begins no item, commits what was joined, and the same command takes the rest', async () => {
    assert.equal(await interrupted('JoinFiles', 1), -1, 'nothing was committed')
    assert.equal(await interrupted('Commit', 1), 0, 'the batch in hand was committed, the next not begun')
    const { done } = await runLocal({ lake: await openLake({ lake: root }), input: {}, settings: SETTINGS })
    assert.equal(done.length, 1)
    const { state } = await readLog(new DirectoryStore(root), new Layout())
    assert.equal(state.version, 1)
    const written = readdirSync(join(root, 'silver/reviews'), { recursive: true, encoding: 'utf8' })
    assert(written.some(name => name.endsWith('part-00000.parquet')))
  })
}).timeout(30_000)

describe('a second interrupt', () => {
  it('ends the process at once, with the status that shells have for it', async () => {
    const file = new URL('../../scripts/terminal/interrupt.ts', import.meta.url).href
    const script = `import { interruptible } from '${file}'
      setInterval(() => undefined, 1000)
      const work = interruptible(() => new Promise(() => undefined))
      process.stdout.write('ready')
      await work`
    for (const [signal, expected] of [['SIGINT', 130] as const, ['SIGTERM', 143] as const]) {
      const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      let told = ''
      child.stderr.on('data', (data: Buffer) => {
        told += data
      })
      let timer: NodeJS.Timeout | undefined
      child.stdout.once('data', () => {
        timer = setInterval(() => child.kill(signal), 50) // those that come together are one
      })
      const status = await new Promise(resolve => child.on('close', resolve))
      clearInterval(timer)
      assert.equal(status, expected, told)
      assert.equal(told, '\nstopping when the items in hand are done; press again to stop at once\n')
    }
  })
}).timeout(30_000)
