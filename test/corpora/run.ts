/**
 * Takes every Parquet file of the folders given through the real join and compares silver with what pyarrow and DuckDB
 * read: `CORPORA_PYTHON=python npm run corpora -- FOLDER…`. The Python needs pyarrow and duckdb. Each file is bronze
 * twice: alone, so that its bytes are copied, and doubled beside a good file, so that its rows are written again. Prints
 * what is not equal and what took over five seconds of processor time. Exits with 1 if values differ or a run was stopped.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { ReviewsUnreadable } from '../../functions/base/errors.ts'
import { readCommit } from '../../functions/log/read.ts'
import { InvalidQuery } from '../../functions/sql/invalid.ts'
import { World } from '../support/world.ts'

/** What became of a file: its silver, the reason why it was refused, or the error that stopped the run. */
type Outcome =
  | { readonly kind: 'joined'; readonly silver: Uint8Array }
  | { readonly kind: 'refused' | 'stopped'; readonly reason: string }

const SLOW_SECONDS = 5
const PARQUET = /\.(parquet|parq|pq)$/i
const GOOD = new Uint8Array(parquetWriteBuffer({ columnData: [{ name: 'a_good_column', type: 'INT32', data: [1] }] }))

async function joinCopies(bytes: Uint8Array, copies: number): Promise<Outcome> {
  const world = new World({ sql: 'SELECT * FROM bronze_reviews' })
  const { reviews, silver } = world.layout.roots
  if (copies > 1) await world.store.put(`${reviews}0.parquet`, GOOD)
  for (let i = 1; i <= copies; i++) await world.store.put(`${reviews}${i}.parquet`, bytes)
  try {
    await world.run()
  } catch (error) {
    const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
    const key = `${reviews}1.parquet: `
    // the only file of the first batch: without it nothing is known of the columns, and the run says so by its name
    if (error instanceof InvalidQuery && message.includes(`; ${reviews}1.parquet has it`)) {
      return { kind: 'refused', reason: message.replace(/^.*?column \d+: /s, '').replace(/; .*$/s, '') }
    }
    if (!(error instanceof ReviewsUnreadable && message.includes(key))) return { kind: 'stopped', reason: message }
    return { kind: 'refused', reason: message.slice(message.indexOf(key) + key.length, message.lastIndexOf(': put')) }
  }
  const commit = await readCommit(world.store, world.layout, 0)
  if (!commit || commit.operation === 'abandon') return { kind: 'stopped', reason: 'nothing was committed' }
  const [quarantined] = commit.quarantined
  if (quarantined) return { kind: 'refused', reason: quarantined.reason }
  const [file] = commit.silver
  if (!file) return { kind: 'stopped', reason: 'there is no silver file' }
  return { kind: 'joined', silver: await world.store.get(`${silver}${commit.location}${file.key}`) }
}

function filesIn(folder: string): string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()
  return names.map(name => join(folder, name)).filter(path => PARQUET.test(path) && statSync(path).isFile())
}

interface Compared {
  readonly pyarrow: boolean
  readonly duckdb: boolean
  /** Why silver is not equal to what the readers found; null where it is. */
  readonly difference: string | null
}

/** What pyarrow and DuckDB say of the files and of their silver. */
function compare(pairs: readonly { readonly bronze: string; readonly silver: readonly string[] }[]): Compared[] {
  const python = process.env.CORPORA_PYTHON ?? 'python3'
  const script = fileURLToPath(new URL('compare.py', import.meta.url))
  const input = pairs.map(pair => `${JSON.stringify(pair)}\n`).join('')
  const { stdout, stderr, status } = spawnSync(python, [script], { input, encoding: 'utf8', maxBuffer: 1 << 28 })
  if (status !== 0) throw new Error(`${python} failed: ${stderr}`)
  return stdout
    .trim()
    .split('\n')
    .map(line => JSON.parse(line))
}

const folders = process.argv.slice(2)
if (folders.length === 0) throw new Error('npm run corpora -- FOLDER… takes the folders with Parquet files')
const directory = mkdtempSync(join(tmpdir(), 'silversmith-corpora-'))
try {
  const outcomes: { readonly path: string; readonly name: string; readonly outcomes: readonly Outcome[] }[] = []
  for (const folder of folders) {
    for (const path of filesIn(folder)) {
      const bytes = new Uint8Array(readFileSync(path))
      const name = relative(folder, path)
      const start = process.cpuUsage()
      outcomes.push({ path, name, outcomes: [await joinCopies(bytes, 1), await joinCopies(bytes, 2)] })
      const { user, system } = process.cpuUsage(start)
      const seconds = (user + system) / 1e6
      if (seconds > SLOW_SECONDS) console.log(`slow       ${name}: ${seconds.toFixed(1)} s`)
    }
  }
  const compared = compare(
    outcomes.map(({ path, outcomes: both }, i) => {
      const silver = both.map((outcome, copies) => {
        const file = join(directory, `${i}-${copies}.parquet`)
        writeFileSync(file, outcome.kind === 'joined' ? outcome.silver : '')
        return file
      })
      return { bronze: path, silver }
    }),
  )
  const counts = { files: outcomes.length, equal: 0, refused: 0, refusedThoughBothRead: 0, different: 0, stopped: 0 }
  const reasons = new Map<string, string[]>()
  for (const [i, { name, outcomes: both }] of outcomes.entries()) {
    const result = compared[i]
    const stopped = both.find(({ kind }) => kind === 'stopped')
    const refused = both.find(({ kind }) => kind === 'refused')
    if (stopped?.kind === 'stopped') {
      counts.stopped++
      console.log(`stopped    ${name}: ${stopped.reason}`)
    } else if (refused?.kind === 'refused') {
      counts.refused++
      const both = result?.pyarrow && result.duckdb
      if (both) counts.refusedThoughBothRead++
      const kind = `${refused.reason}${both ? ' (pyarrow and DuckDB read it)' : ''}`
      reasons.set(kind, [...(reasons.get(kind) ?? []), name])
    } else if (result?.difference) {
      counts.different++
      console.log(`different  ${name}: ${result.difference}`)
    } else counts.equal++
  }
  for (const [reason, names] of [...reasons].sort(([, a], [, b]) => b.length - a.length)) {
    console.log(`refused    ${names.length} × ${reason}: ${names.join(', ')}`)
  }
  console.log(JSON.stringify(counts))
  process.exitCode = counts.different + counts.stopped > 0 ? 1 : 0
} finally {
  rmSync(directory, { recursive: true })
}
