import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runCommand } from './run-command.ts'

const COMMANDS = [
  ...['local.ts', 'query.ts', 'why.ts', 'history.ts', 'files.ts', 'explain.ts', 'status.ts', 'validate.ts'],
  ...['backfill.ts', 'vacuum.ts', 'rebuild.ts', 'takeover.ts', 'bench.ts', 'bench-plan.ts'],
]
const WITH_OPERAND = ['query.ts', 'why.ts']
/** The README's section on commands. */
const [SECTION = ''] =
  readFileSync('README.md', 'utf8')
    .split(/^## Commands$/m)[1]
    ?.split(/^## /m) ?? []
const COMMON = SECTION.split('\n').filter(line => !line.startsWith('|'))

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
  const refuses = (args: readonly [string, ...string[]], message: RegExp, env = {}) => {
    const { status, stdout, stderr } = runCommand(folder, args, env)
    assert.equal(status, 1, stdout)
    assert.equal(stdout, '')
    assert.match(stderr, message)
    assert.equal(stderr.trim().split('\n').length, 1, stderr)
  }

  for (const script of COMMANDS) {
    it(`${script} tells what it takes`, () => {
      const { status, stdout } = runCommand(folder, [script, '--help'])
      assert.equal(status, 0)
      assert.match(stdout, /^usage: npm (start|run \S+|run --silent \S+) --/)
      assert(stdout.split('\n').every(line => line.length <= 100 && line === line.trimEnd()))
      const [, word = ''] = /^usage: npm (?:run (?:--silent )?)?(\S+)/.exec(stdout) ?? []
      const row = SECTION.split('\n').find(line => line.startsWith('|') && line.split('|')[1]?.includes(word))
      assert(row, `the README has a row for ${word}`)
      for (const [, option] of stdout.matchAll(/^ {2}(--[a-z-]+)/gm)) {
        assert(
          [row, ...COMMON].some(line => line.includes(`\`${option}`)),
          `the README has ${option} of ${word}`,
        )
      }
    })

    it(`${script} refuses what it does not take`, () => {
      if (WITH_OPERAND.includes(script)) refuses([script, 'a', 'b'], /is needed, and there are 2: write npm run /)
      else refuses([script, 'a'], /takes options only, not a: /)
    })
  }

  it('refuses options that it does not know, and suggests the one that was meant', () => {
    refuses(['local.ts', '--colour', 'red'], /^unknown option --colour: npm start -- --help lists the options$/m)
    refuses(['local.ts', '--lak', 'x'], /^unknown option --lak; did you mean --lake\? npm start -- --help lists/)
  })

  it('is advised only in a form that it takes', () => {
    for (const file of ['silver.sql', 'scripts/summary.ts', 'scripts/validate.ts', 'README.md']) {
      for (const [advice] of readFileSync(file, 'utf8').matchAll(/npm run backfill -- --reprocess.{0,10}/g)) {
        assert.match(advice, /--reprocess --(?:all|batch|from)\b/, file)
      }
    }
  })

  it('says how to write options that npm took for itself', () => {
    const npm = { npm_lifecycle_event: 'start', npm_lifecycle_script: 'node scripts/local.ts', INIT_CWD: folder }
    // npm start --lake mine
    refuses(['local.ts', 'mine'], /^npm took --lake for itself: write npm start -- --lake mine$/m, {
      ...npm,
      npm_config_lake: 'true',
    })
    refuses(['local.ts'], /^npm took --lake for itself: write npm start -- --lake mine$/m, {
      ...npm,
      npm_config_lake: 'mine',
    })
  })

  it('says that there is no lake, and what makes one', () => {
    for (const args of [['query.ts', 'SELECT 1'], ['why.ts', 'R1'], ['history.ts'], ['status.ts']] as const) {
      refuses(args, /^there is no lake lake: run npm start first, or name another with --lake$/m)
    }
    refuses(['query.ts', '--lake', 'no', 'SELECT 1'], /^there is no lake no: check --lake$/m)
  })
}).timeout(60_000)
