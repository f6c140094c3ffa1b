import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { DirectoryStore } from '../../functions/adapters/directory/directory-store.ts'
import { readClaim } from '../../functions/lake/claim.ts'
import { Layout } from '../../functions/lake/layout.ts'
import { readLog } from '../../functions/log/read.ts'
import { makeLake } from '../../scripts/demo/make-lake.ts'
import { SILVERSMITH } from '../scripts/run-command.ts'

const layout = new Layout()
const PRELOADED = pathToFileURL(join(import.meta.dirname, '../support/dies-in-join.ts')).href

interface Ended {
  readonly status: number | NodeJS.Signals | null
  readonly output: string
}

/** Runs the state machine on a lake, in processes that die when Join opens a file. */
function run(root: string, deadly: string, ...more: readonly string[]): Promise<Ended> {
  const env = { ...process.env, NODE_OPTIONS: `--import ${PRELOADED}`, DEADLY_FILE: deadly }
  const child = spawn(process.execPath, [SILVERSMITH, 'run', '--lake', root, ...more], { env })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', data => (output += String(data)))
  return new Promise(done => child.on('close', (code, signal) => done({ status: signal ?? code, output })))
}

describe('a file that kills the process of npm start', () => {
  it('kills one run; the next one quarantines it and joins the others', async () => {
    const root = await mkdtemp(join(tmpdir(), 'silversmith-'))
    try {
      await makeLake(root)
      const store = new DirectoryStore(root)
      const files: string[] = []
      for await (const { key } of store.list(layout.roots.reviews)) if (key.endsWith('.parquet')) files.push(key)
      for (const key of files.splice(4)) await store.delete(key)
      const [deadly = '', ...others] = files

      const killed = await run(root, deadly)
      assert.equal(killed.status, 'SIGKILL', killed.output)
      assert.equal((await readLog(store, layout)).state.version, -1)

      const saved = await run(root, deadly)
      assert.equal(saved.status, 0, saved.output)
      const reasons = new Map<string, string | undefined>()
      for await (const { key, reason } of (await readLog(store, layout)).bronze()) reasons.set(key, reason)
      assert.match(reasons.get(deadly) ?? '', /without an error of its own \(Runtime\.ExitError, signal: SIGKILL\)/)
      assert.deepEqual(
        others.filter(key => !reasons.has(key) || reasons.get(key) !== undefined),
        [],
      )
      assert.match(saved.output, new RegExp(`quarantine .*${deadly}: its worker ended`))
      assert.equal((await readClaim(store, layout))?.execution, undefined, 'a run that ended has released its claim')

      assert.match((await run(root, deadly)).output, /nothing new/)
      const again = await run(root, 'none', '--input', '{"quarantined": true}')
      assert.equal(again.status, 0, again.output)
      for await (const { key, reason } of (await readLog(store, layout)).bronze()) reasons.set(key, reason)
      assert.deepEqual(
        [...reasons.values()].filter(reason => reason !== undefined),
        [],
      )
    } finally {
      await rm(root, { recursive: true, force: true })
    }
  })
})
