import { readFileSync } from 'node:fs'
import { UsageError } from '../functions/base/refusal.ts'
import { suggestion } from '../functions/base/suggest.ts'
import { overview, usageText } from './command-line/usage.ts'
import { COMMANDS } from './commands.ts'
import { explainError } from './terminal/explain-error.ts'
import { Interrupted } from './terminal/interrupt.ts'
import { print, printError, surviveLostOutput } from './terminal/print.ts'

/**
 * The command line: `silversmith <command> [options]`. Exit status 0 when done, 1 when it failed and 2 for wrong use, with
 * one line on stderr that says what, where and what to do.
 */
async function main([name, ...args]: readonly string[]): Promise<void> {
  if (name === '--version') return print(version())
  if (name === undefined || name === '--help' || name === '-h' || (name === 'help' && args.length === 0)) {
    return print(overview(COMMANDS))
  }
  if (name === 'help') return main([...args.slice(0, 1), '--help'])
  const listed = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
  if (!listed) {
    const hint = suggestion(name, Object.keys(COMMANDS)) || ':'
    throw new UsageError(`there is no command ${name}${hint} npx silversmith --help lists the commands`)
  }
  const { default: command } = await listed.load()
  if (args.includes('--help') || args.includes('-h')) return print(usageText(name, command.definition))
  await command.run(name, args)
}

function version(): string {
  const manifest: { readonly version: string } = JSON.parse(
    readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
  )
  return manifest.version
}

surviveLostOutput()
try {
  await main(process.argv.slice(2))
} catch (error) {
  printError(explainError(error))
  process.exitCode = error instanceof UsageError ? 2 : error instanceof Interrupted ? 130 : 1
}
