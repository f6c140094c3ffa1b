import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
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
