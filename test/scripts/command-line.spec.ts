import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { COMMANDS } from '../../scripts/commands.ts'
import { runCommand } from './run-command.ts'

const WITH_OPERAND = ['query', 'why', 'batch', 'report', 'completion']
const PAGE = readFileSync('docs/commands.md', 'utf8').split('\n')
const COMMON = PAGE.filter(line => !line.startsWith('|'))

describe('each command', () => {
  let folder: string
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'silversmith-'))
  })
  after(() => {
    const left = readdirSync(folder)
    rmSync(folder, { recursive: true })
    assert.deepEqual(left, [], 'nothing was written')
  })
  const refuses = (args: readonly [string, ...string[]], message: RegExp) => {
    const { status, stdout, stderr } = runCommand(folder, args)
    assert.equal(status, 2, stdout)
    assert.equal(stdout, '')
    assert.match(stderr, message)
    assert.equal(stderr.trim().split('\n').length, 1, stderr)
  }

  for (const name of Object.keys(COMMANDS)) {
    it(`${name} tells what it takes`, () => {
      const { status, stdout } = runCommand(folder, [name, '--help'])
      assert.equal(status, 0)
      assert.match(stdout, new RegExp(`^usage: npx silversmith ${name}(?: |$)`, 'm'))
      assert(stdout.split('\n').every(line => line.length <= 100 && line === line.trimEnd()))
      const row = PAGE.find(line => line.startsWith('|') && line.split('|')[1]?.includes(`\`${name}`))
      assert(row, `docs/commands.md has a row for ${name}`)
      for (const [, option] of stdout.matchAll(/^ {2}(--[a-z-]+)/gm)) {
        assert(
          [row, ...COMMON].some(line => line.includes(`\`${option}`)),
          `docs/commands.md has ${option} of ${name}`,
        )
      }
    })

    it(`${name} refuses what it does not take`, () => {
      if (WITH_OPERAND.includes(name))
        refuses([name, 'a', 'b'], /is (?:needed|taken), and there are 2: write npx silversmith /)
      else refuses([name, 'a'], /takes options only, not a: /)
    })
  }

  it('is listed, and found by a name that is nearly right', () => {
    const { status, stdout } = runCommand(folder, ['--help'])
    assert.equal(status, 0)
    for (const [name, { summary }] of Object.entries(COMMANDS))
      assert.match(stdout, new RegExp(`^  ${name} +${summary}$`, 'm'))
    assert.equal(runCommand(folder, ['help', 'status']).stdout, runCommand(folder, ['status', '--help']).stdout)
    assert.match(runCommand(folder, ['--version']).stdout, /^\d+\.\d+\.\d+\n$/)
    refuses(
      ['statis'],
      /^there is no command statis; did you mean status\? npx silversmith --help lists the commands$/m,
    )
    refuses(['constructor'], /^there is no command constructor/m)
  })

  it('refuses options that it does not know, and suggests the one that was meant', () => {
    refuses(['run', '--colour', 'red'], /^unknown option --colour: npx silversmith run --help lists the options$/m)
    refuses(['run', '--lak', 'x'], /^unknown option --lak; did you mean --lake\? npx silversmith run --help lists/)
  })

  it('refuses an option without a value, with two, and data in the place of SQL', () => {
    refuses(['run', '--lake', ''], /^--lake is empty: give it a value, or leave it out$/m)
    refuses(['query', '--lake=', 'SELECT 1'], /^--lake is empty: /)
    refuses(['run', '--lake', 'a', '--lake', 'b'], /^--lake is given twice: leave one of them out$/m)
    refuses(['completion', 'ksh'], /^the shell must be bash, zsh or fish, not ksh$/m)
    refuses(
      ['explain', '--bronze', '.'],
      /^--bronze is for a file of SQL that declares the two views, as bronze\.sql does, and \. is not one: --lake, or --reviews and --customers, say where bronze lies$/m,
    )
    refuses(
      ['run', '--sql', '.'],
      /^--sql is for a file of SQL with one SELECT, as silver\.sql is, and \. is not one: /,
    )
  })

  it('is advised only in a form that it takes', () => {
    for (const file of [
      'silver.sql',
      'scripts/summary/summary.ts',
      'scripts/commands/validate.ts',
      'docs/commands.md',
    ]) {
      for (const [advice] of readFileSync(file, 'utf8').matchAll(/npx silversmith backfill --reprocess.{0,10}/g)) {
        assert.match(advice, /--reprocess --(?:all|batch|from)\b/, file)
      }
    }
  })

  it('says that there is no lake, and what makes one', () => {
    for (const args of [['query', 'SELECT 1'], ['why', 'R1'], ['history'], ['status']] as const) {
      refuses(args, /^there is no lake lake: write npx silversmith run first, or name another with --lake$/m)
    }
    refuses(['query', '--lake', 'no', 'SELECT 1'], /^there is no lake no: check --lake$/m)
  })
}).timeout(60_000)
