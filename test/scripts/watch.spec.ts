import assert from 'node:assert/strict'
import type { ChildProcess } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { customersFile, reviewsFile } from '../../scripts/demo/bronze-file.ts'
import { makeCustomers, makeReviews } from '../../scripts/demo/rows.ts'
import { runCommand } from './run-command.ts'
import { startWatching, type Watching } from './start-watching.ts'

const ROWS = 5

describe('run --watch', function () {
  this.timeout(60_000)
  let root: string
  let child: ChildProcess | undefined
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'silversmith-'))
    for (const folder of ['reviews', 'customers']) mkdirSync(join(root, 'bronze', folder), { recursive: true })
    customers('known', '1')
    reviews('a', '1')
  })
  afterEach(() => {
    child?.kill('SIGKILL')
    rmSync(root, { recursive: true })
  })

  function customers(name: string, customer_id: string, folder = root): void {
    const [customer = assert.fail()] = makeCustomers(1, 1)
    writeFileSync(join(folder, `bronze/customers/${name}.parquet`), customersFile([{ ...customer, customer_id }]))
  }

  function reviews(name: string, customer_id: string, folder = join(root, 'bronze/reviews')): void {
    const made = makeReviews(ROWS, ROWS, Date.UTC(2026, 10, 24), name.charCodeAt(0))
    const rows = made.map((review, i) => ({ ...review, review_id: `${name}${i}`, customer_id, verified_purchase: 'Y' }))
    writeFileSync(join(folder, `${name}.parquet`), reviewsFile(rows))
  }

  /** Starts the command on the lake. */
  function watching(...options: readonly string[]): Watching {
    const started = startWatching(root, ['--lake', root, ...options])
    child = started.child
    return started
  }

  it('joins what lands in a directory, a late customer too, with a line for each batch, and ends at Ctrl-C', async () => {
    const { line, end } = watching('--every', '1h')
    await line(/^watching .*; Ctrl-C ends it$/)
    await line(/^\d\d:\d\d:\d\d {2}\S+-[0-9a-f]{8} {2}1 file, 5 → 5 rows {2}visible [\d.]+ \w+ after the last file$/)
    reviews('b', 'late')
    await line(/ {2}1 file, 5 → 0 rows {2}5 parked {2}visible /)
    customers('late', 'late')
    await line(/ {2}0 files, \d+ → 5 rows$/)
    const { status, errors } = await end()
    assert.deepEqual(
      [status, errors.trim()],
      [0, 'stopping when the items in hand are done; press again to stop at once'],
    )
    const query = 'SELECT COUNT(*) AS n FROM silver.reviews'
    const { stdout } = runCommand(root, ['query', '--lake', root, '--format', 'json', query])
    assert.deepEqual(JSON.parse(stdout), [{ n: 10 }])
    const told = runCommand(root, ['status', '--lake', root]).stdout
    assert.match(told, /^freshness {2}the last new file was committed [\d.]+ m?s after it landed$/m)
    const { freshness } = JSON.parse(runCommand(root, ['status', '--lake', root, '--json']).stdout)
    assert(freshness.newest === freshness.oldest && freshness.newest < 60, JSON.stringify(freshness))
  })

  it('looks again every so often where bronze lies elsewhere, and tells commits as JSON', async () => {
    const elsewhere = mkdtempSync(join(tmpdir(), 'silversmith-'))
    rmSync(join(root, 'bronze/reviews'), { recursive: true })
    try {
      reviews('a', '1', elsewhere)
      const { line, end } = watching('--every', '1s', '--json', '--reviews', elsewhere)
      const commit = async () => JSON.parse(await line(/^\{/))
      assert.equal((await commit()).version, 0)
      reviews('b', '1', elsewhere)
      const { version, rows } = await commit()
      assert.deepEqual([version, rows.written], [1, ROWS])
      assert.equal((await end()).status, 0)
    } finally {
      rmSync(elsewhere, { recursive: true })
    }
  })

  it('refuses an input and --fail-on, which it has no use for', () => {
    for (const options of [
      ['--input', '{"dryRun":true}'],
      ['--fail-on', 'parked'],
    ]) {
      const { status, stderr } = runCommand(root, ['run', '--watch', '--lake', root, ...options])
      assert.deepEqual([status, stderr.includes(`${options[0]} does not go with --watch`)], [2, true], stderr)
    }
  })
})
