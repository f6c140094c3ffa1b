import { type ParseArgsConfig, type ParseArgsOptionDescriptor, parseArgs } from 'node:util'
import { suggestion } from '../functions/query/suggest.ts'
import { type NpmCall, npmCall } from './called-by-npm.ts'
import { explainError } from './explain-error.ts'
import { usageText } from './usage.ts'

/** A mistake in how a command was called, or in what it was given. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** An option as parseArgs reads it, with what its value is called (`DIR`) and what it is for. */
export interface Option extends ParseArgsOptionDescriptor {
  readonly value?: string
  readonly help: string
}

/** What a command is called by, what it is for, and what it takes. */
export interface CommandLine<Options extends Readonly<Record<string, Option>>> {
  /** As people write it: `npm start`, `npm run query`. */
  readonly name: string
  /** What it does, in whole sentences. */
  readonly purpose: string
  readonly options: Options
  /** The one operand behind the options, as it is written and as it is called; commands without it refuse operands. */
  readonly operand?: { readonly form: string; readonly noun: string }
}

type Given<Options extends NonNullable<ParseArgsConfig['options']>> = ReturnType<
  typeof parseArgs<{ options: Options; allowPositionals: true }>
>

/**
 * Runs a command: exit status 0, or not with one line on stderr that says what, where and what to do. `--help` shows
 * the usage instead. `operand` is '' for commands that have none.
 */
export async function command<const Options extends Readonly<Record<string, Option>>>(
  line: CommandLine<Options>,
  run: (values: Given<Options>['values'], operand: string) => Promise<void>,
): Promise<void> {
  // a reader that has seen enough, like `head`, is no reason to leave the work half done
  process.stdout.on('error', error => {
    if (!('code' in error && error.code === 'EPIPE')) throw error
  })
  try {
    const { values, positionals } = read(line)
    if ('help' in values) return console.log(usageText(line))
    checkNpm(line, positionals)
    await run(values, readOperand(line, positionals))
  } catch (error) {
    process.stderr.write(`${explainError(error)}\n`)
    process.exitCode = 1
  }
}

function read<Options extends Readonly<Record<string, Option>>>(line: CommandLine<Options>): Given<Options> {
  const help = { type: 'boolean', help: '' } as const
  try {
    const args = process.argv.slice(2)
    const comments = args.filter(arg => /^--\s/.test(arg)) // an operand in SQL may begin with one
    const options = { ...line.options, help }
    const given = parseArgs({ args: args.filter(arg => !comments.includes(arg)), options, allowPositionals: true })
    given.positionals.push(...comments)
    return given as unknown as Given<Options> // and perhaps `help`, which is asked for first
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    const [, unknown] = /^Unknown option '-*([^']*)'/.exec(message) ?? []
    const what =
      unknown === undefined
        ? message.replace(/\n[\s\S]*/, '').replace(/^O/, 'o')
        : `unknown option --${unknown}${suggestion(unknown, Object.keys(line.options)).replace(/ (\S+\?)$/, ' --$1')}`
    throw new UsageError(`${what}${what.endsWith('?') ? '' : ':'} ${line.name} -- --help lists the options`)
  }
}

/** Refuses what npm has taken away from the command, as it does with `npm start --lake DIR`. */
function checkNpm(line: CommandLine<Readonly<Record<string, Option>>>, positionals: readonly string[]): void {
  const call = npmCall(process.env, process.argv[1] ?? '')
  if (!call) return
  const taken = Object.entries(line.options).filter(([name]) => call.taken(name) !== undefined)
  if (taken.length === 0) return
  const names = taken.map(([name]) => `--${name}`).join(' and ')
  const meant = taken.map(([name, option]) => meantBy(name, option, call, taken.length === 1 ? positionals : []))
  throw new UsageError(`npm took ${names} for itself: write ${call.words} -- ${meant.join(' ')}`)
}

/** An option as it was meant: npm knows a value only where it was written with `=`. */
function meantBy(name: string, { type, value }: Option, call: NpmCall, positionals: readonly string[]): string {
  if (type === 'boolean') return `--${name}`
  const known = call.taken(name)
  const given = known === 'true' || known?.includes('\n') ? positionals[0] : known
  return `--${name} ${given === undefined || /\s/.test(given) ? (value ?? 'VALUE') : given}`
}

function readOperand(
  { name, operand, options }: CommandLine<Readonly<Record<string, Option>>>,
  positionals: readonly string[],
): string {
  const [first, second] = positionals
  if (operand !== undefined) {
    if (first !== undefined && second === undefined) return first
    const found = first === undefined ? 'there is none' : `there are ${positionals.length}`
    throw new UsageError(`one ${operand.noun} is needed, and ${found}: write ${name} -- [options] ${operand.form}`)
  }
  if (first === undefined) return ''
  const hint = 'lake' in options ? `for a lake write ${name} -- --lake ${first}` : `${name} -- --help lists the options`
  throw new UsageError(`${name} takes options only, not ${first}: ${hint}`)
}

/** Reads an option that is a whole number, at least 1. */
export function wholeNumber(name: string, text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value < 1)
    throw new UsageError(`--${name} must be a whole number from 1, not ${text}`)
  return value
}

/** Reads an option that is one of some words. */
export function oneOf<Word extends string>(name: string, text: string, words: readonly Word[]): Word {
  const found = words.find(word => word === text)
  if (found !== undefined) return found
  const list = words.length < 3 ? words.join(' or ') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`
  throw new UsageError(`--${name} must be ${list}, not ${text}`)
}
