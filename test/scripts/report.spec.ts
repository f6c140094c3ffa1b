import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeLake } from '../../scripts/demo/make-lake.ts'
import { runCommand } from './run-command.ts'

describe('npx silversmith report', () => {
  let folder: string
  let batch: string
  let written: string
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'silversmith-'))
    await makeLake(join(folder, 'lake'))
  })
  after(() => rmSync(folder, { recursive: true }))
  const report = (...args: readonly string[]) => runCommand(folder, ['report', ...args])

  it('is told where there is nothing yet', () => {
    assert.match(report().stderr, /^the log is empty: no run has committed anything yet\n$/)
  })

  it('brings what a run has written, whose path the run has told', () => {
    const { commits } = JSON.parse(runCommand(folder, ['run', '--json']).stdout)
    ;({ batch, report: written } = commits[0])
    assert.match(written, new RegExp(`^lake/silver/reviews/_silversmith/runs/${batch}/[^/]+/report\\.html$`))
    const { stdout, stderr } = report()
    assert.equal(stdout, `report-${batch}.html\n`, stderr)
    const page = readFileSync(join(folder, `report-${batch}.html`), 'utf8')
    assert.equal(page, readFileSync(join(folder, written), 'utf8'))
    assert.match(page, /<title>part-00000-c000\.snappy\.parquet \+ 19: join, /)
  })

  it('makes it again where it is gone, the same as it was', () => {
    const page = readFileSync(join(folder, written))
    rmSync(join(folder, written))
    assert.equal(report(batch, '--output', 'mine.html').stdout, 'mine.html\n')
    assert(readFileSync(join(folder, 'mine.html')).equals(page))
  })

  it('refuses a batch that does not exist, and what is not a batch id, before it writes anything', () => {
    assert.match(report('--output', 'no.html', '20261124T071500Z-00000000').stderr, /^the log has no batch 20261124T/)
    assert.match(report('--output', 'no.html', 'x').stderr, /^x is not a batch id such as 2026/)
    assert(!existsSync(join(folder, 'no.html')))
  })
}).timeout(60_000)
