import assert from 'node:assert/strict'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { seal } from '../../functions/lake/sealed.ts'
import { makeLake } from '../../scripts/demo/make-lake.ts'
import { runCommand } from '../scripts/run-command.ts'

describe('npx silversmith backfill, status and validate on a directory', () => {
  let folder: string
  let reviews: string
  const run = (name: string, ...args: readonly string[]) => runCommand(folder, [name, ...args])
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'silversmith-'))
    reviews = join(folder, 'lake/bronze/reviews')
    await makeLake(join(folder, 'lake'))
  })
  after(() => rmSync(folder, { recursive: true }))

  it('say that there is nothing yet', () => {
    assert.equal(run('history').stdout, 'the log is empty: no run has committed anything yet\n')
    assert.match(run('rebuild').stderr, /^there is nothing to rebuild: nothing lies under silver\/reviews\/ /)
    assert.equal(run('vacuum', '--older-than', '0s').stdout, 'nothing to remove\n')
    assert.match(run('backfill', '--quarantined', '--dry-run').stdout, /\n\nnothing new: no file is in quarantine/)
  })

  it('say what there is to do and what it would cost on AWS, and do nothing in a dry run', () => {
    const { status, stdout } = run('backfill', '--dry-run')
    assert.equal(status, 0)
    assert.match(
      stdout,
      /to do +20 files, 3\.4 MB, in 1 item and 1 batch\non AWS +\d+ GB-seconds .* about \$0\.00\d+ at/,
    )
    assert.match(run('status').stdout, /log +empty\n.*\nbacklog +20 files, 3\.4 MB/)
  })

  it('stop at a limit on the price, with one line that says so', () => {
    const { status, stderr } = run('backfill', '--max-usd', '0.0000001')
    assert.equal(status, 1)
    assert.match(stderr, /^this would cost about \$0\.00\d+, more than --max-usd 0\.0000001: nothing was run\n$/)
  })

  it('take a backlog in many batches', () => {
    for (let i = 0; i < 5; i++)
      cpSync(join(reviews, 'part-00001-c000.snappy.parquet'), join(reviews, `more-${i}.parquet`))
    const { status, stdout } = run('backfill', '--max-files', '1', '--prefix', 'bronze/reviews/more')
    assert.equal(status, 0)
    assert.match(stdout, /in 5 items and 5 batches/)
    assert.equal(stdout.match(/ append /g)?.length, 5)
  })

  it('write batches again', () => {
    assert.match(run('backfill').stdout, / append +20 /)
    assert.match(
      run('backfill').stdout,
      /\nparked until their customer comes: \d+ reviews, for which npx silversmith run looks\n$/,
    )
    const { status, stdout } = run('backfill', '--reprocess', '--from', '2000-01-01', '--to', '2100-01-01')
    assert.equal(status, 0)
    assert.equal(stdout.match(/ replace /g)?.length, 6)
    assert.match(run('validate').stdout, /6 batches, \d+,\d+ rows: a query counts in each batch what the log says/)
  })

  it('name what is quarantined', () => {
    writeFileSync(join(reviews, 'bad.parquet'), 'no rows')
    assert.equal(run('backfill').status, 0)
    assert.match(run('status').stdout, /quarantine 1 file\n +bronze\/reviews\/bad\.parquet: /)
  })

  it('write every batch again but those that had files in quarantine only', () => {
    const { status, stdout, stderr } = run('backfill', '--reprocess', '--all')
    assert.deepEqual([status, stderr], [0, ''])
    assert.match(stdout, /and 6 batches, which are written again\n/)
  })

  it('forget what was in quarantine and is gone', () => {
    rmSync(join(reviews, 'bad.parquet'))
    assert.match(run('status').stdout, /^working +nobody\n[\s\S]*quarantine 0 files\n$/)
  })

  it('say that somebody on another machine may be running', () => {
    const claim = join(folder, 'lake/silver/reviews/_silversmith/claim.json')
    writeFileSync(claim, '{"execution": "local:elsewhere:1:1:1:x", "renewals": 1}')
    assert.match(run('status').stdout, /^working +perhaps local:elsewhere:\S+, of another machine/)
    rmSync(claim)
  })

  it('name partitions that others have changed; the remedy in the message works, and so does a run', async () => {
    const catalog = join(folder, 'lake/silver/reviews/_silversmith/local-catalog.json')
    const right = readFileSync(catalog, 'utf8')
    for (const remedy of ['validate --repair', 'run']) {
      const { sha256: _, ...table } = JSON.parse(right)
      const [first, second] = table.partitions
      table.partitions.push({ ...first, batch: 'strange' })
      second.location = first.location
      writeFileSync(catalog, await seal(table))
      const { status, stderr } = run('validate')
      assert.equal(status, 1)
      assert.match(
        stderr,
        /^CountMismatch: 2 partitions of the catalog are not as the log says: npx silversmith validate --repair puts/,
      )
      const { stdout } = run(...(remedy.split(' ') as [string]), '--lake', 'lake')
      assert.match(stdout, /the catalog's partitions were repaired: 1 dropped that no commit has, 1 moved/, remedy)
      assert.equal(run('validate').status, 0)
    }
  })

  it('say where the Delta table is, and its version', () => {
    assert.match(
      run('files', '--format', 'delta').stdout,
      /^file:\/\/\S+\/lake\/silver\/reviews\/\nversion (\d+) of \1, table [0-9a-f-]{36}\n$/,
    )
  })

  it('name a damaged silver file, and the batch to write again', () => {
    const [name = ''] = run('files').stdout.split('\n')
    const file = join(folder, 'lake', name)
    const whole = readFileSync(file)
    writeFileSync(file, whole.subarray(0, 1000))
    const { status, stderr } = run('validate')
    writeFileSync(file, whole)
    assert.equal(status, 1)
    const [, batch] = /batch=([^/]+)/.exec(name) ?? []
    assert.match(
      stderr,
      new RegExp(
        `^CountMismatch: silver file .*${batch}.* is damaged: restore it, or .* --reprocess --batch ${batch} `,
      ),
    )
  })

  it('refuse a place of customers that holds none, and remember nothing of it', () => {
    const { status, stderr } = run('run', '--customers', 'nowhere')
    assert.equal(status, 2)
    assert.match(stderr, /^--customers nowhere: there are no Parquet files under file:\/\/\S+nowhere\/\n$/)
    assert(!readdirSync(join(folder, 'lake/silver/reviews/_silversmith')).includes('lake.json'))
  })

  it('advise to write batches again with the very query that was given', () => {
    writeFileSync(join(folder, 'other.sql'), `${readFileSync('silver.sql', 'utf8')}\n-- another`)
    const { stdout } = run('run', '--sql', 'other.sql')
    assert.match(
      stdout,
      /made by another query than other\.sql: .*: npx silversmith backfill --sql other\.sql --reprocess --all/,
    )
  })

  it('fail when a query counts other rows than the log', () => {
    const silver = join(folder, 'lake/silver/reviews')
    for (const name of readdirSync(silver))
      if (name.startsWith('ingest_date=')) rmSync(join(silver, name), { recursive: true })
    const { status, stderr } = run('validate')
    assert.equal(status, 1)
    assert.match(stderr, /^CountMismatch: 6 of 7 batches differ/)
  })

  it('name each commit that was altered', () => {
    const log = join(folder, 'lake/silver/reviews/_silversmith/log')
    const [first = ''] = readdirSync(log).sort()
    const good = readFileSync(join(log, first), 'utf8')
    writeFileSync(join(log, first), good.replace('"operation":"append"', '"operation":"bppend"'))
    const { status, stdout, stderr } = run('validate')
    assert.equal(status, 1)
    assert.match(stdout, new RegExp(`^- \\S+${first} was altered or cut .*\n$`))
    assert.match(stderr, new RegExp(`^BrokenLog: the log \\S+ has 1 fault: \\S+${first} was altered or cut`))
    writeFileSync(join(log, first), good)
  })

  it('say that a log is lost, and do not take it for that of a new lake', () => {
    rmSync(join(folder, 'lake/silver/reviews/_silversmith/log'), { recursive: true })
    for (const [script, ...args] of [
      ['status'],
      ['history'],
      ['validate'],
      ['why', 'R0007CR5DP5TQG'],
      ['backfill', '--dry-run'],
    ] as [string, ...string[]][]) {
      const { status, stdout, stderr } = run(script, ...args)
      assert.deepEqual([status, stdout], [1, ''], script)
      assert.match(
        stderr,
        /^BrokenLog: the log \S+ is not whole: .*: restore its newest copy, or npx silversmith rebuild/,
      )
    }
  })
}).timeout(60_000)
