/**
 * Changes one thing at a time in the files that decide what is committed, and shows which changes no test notices:
 * `npm run mutants -- functions/log/read.ts …`, all of JUDGES without a file. Stryker comes by npx, because nobody else
 * needs its packages. Prints what survived and a line for each file; exits with 1 where a file is below the threshold.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { JUDGES } from './judges.ts'

const STRYKER = '@stryker-mutator/core@10.1.1'
/** Percent of the mutants that the tests must notice, in each file. */
const THRESHOLD = 90

/** What Stryker's report says of a mutant. */
interface Mutant {
  readonly status: string
}

/** Tries a file's mutants. Returns how many of them there are and how many the specs noticed. */
function tryMutants(file: string, specs: readonly string[]): { readonly all: number; readonly noticed: number } {
  const directory = mkdtempSync(join(tmpdir(), 'silversmith-mutants-'))
  try {
    const paths = specs.map(spec => `test/${spec}.spec.ts`).join(' ')
    const report = join(directory, 'report.json')
    const config = join(directory, 'stryker.json')
    const options = {
      mutate: [file],
      testRunner: 'command',
      commandRunner: { command: `node_modules/.bin/mocha --no-config --extension ts --timeout 20000 --bail ${paths}` },
      concurrency: 2,
      timeoutMS: 20_000, // and half as long again as the specs take: what a busy machine delays is no endless loop
      reporters: ['progress-append-only', 'clear-text', 'json'],
      clearTextReporter: { reportTests: false, reportScoreTable: false, logTests: false },
      jsonReporter: { fileName: report },
      tempDirName: join(directory, 'sandbox'),
      tsconfigFile: 'none', // Node strips the types: nothing is compiled
    }
    writeFileSync(config, JSON.stringify(options))
    const { status } = spawnSync('npx', ['--yes', STRYKER, 'run', config], { stdio: 'inherit' })
    if (status !== 0) throw new Error(`Stryker failed for ${file}`)
    const { files } = JSON.parse(readFileSync(report, 'utf8'))
    const counted: Mutant[] = files[file].mutants.filter(({ status }: Mutant) => !/Error|Ignored/.test(status))
    return { all: counted.length, noticed: counted.filter(({ status }) => /Killed|Timeout/.test(status)).length }
  } finally {
    rmSync(directory, { recursive: true })
  }
}

const asked = process.argv.slice(2)
const lines: string[] = []
for (const file of asked.length > 0 ? asked : Object.keys(JUDGES)) {
  const specs = JUDGES[file]
  if (!specs) throw new Error(`${file} has no specs in test/mutants/judges.ts: add it there`)
  const { all, noticed } = tryMutants(file, specs)
  const percent = (noticed / all) * 100
  if (percent < THRESHOLD) process.exitCode = 1
  lines.push(`| \`${file}\` | ${noticed} of ${all} | ${percent.toFixed(1)}% |`)
}
console.log(lines.join('\n'))
