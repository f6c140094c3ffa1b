import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type ParseArgsConfig, type ParseArgsOptionDescriptor, parseArgs } from 'node:util'
import { UsageError } from '../../functions/base/refusal.ts'
import { suggestion } from '../../functions/base/suggest.ts'
import { parseTime } from '../../functions/protocol/input.ts'
import { userPath } from './caller.ts'
import { shellWord } from './same-lake.ts'

/** An option as parseArgs reads it, with what its value is called (`DIR`) and what it is for. */
export interface Option extends ParseArgsOptionDescriptor {
  readonly value?: string
  readonly help: string
}

type Options = Readonly<Record<string, Option>>

/** What a command is for, and what it takes. */
export interface CommandDefinition<Taken extends Options = Options> {
  /** What it does, in whole sentences. */
  readonly purpose: string
  readonly options: Taken
  /** The one operand, as it is written and as it is called; commands without it refuse operands. */
  readonly operand?: { readonly form: string; readonly noun: string; readonly optional?: true }
}

/** A command as the command line runs it: `run` takes its arguments, without its name. */
export interface Command {
  readonly definition: CommandDefinition
  readonly run: (name: string, args: readonly string[]) => Promise<void>
}

/** A command as the overview lists it; its module is loaded only when it runs. */
export interface ListedCommand {
  readonly summary: string
  readonly load: () => Promise<{ readonly default: Command }>
}

type Given<Taken extends NonNullable<ParseArgsConfig['options']>> = ReturnType<
  typeof parseArgs<{ options: Taken; allowPositionals: true }>
>

/** Makes a command of what it takes and what it does. `operand` is '' for commands that have none, or are given none. */
export function defineCommand<const Taken extends Options>(
  definition: CommandDefinition<Taken>,
  work: (values: Given<Taken>['values'], operand: string) => Promise<void>,
): Command {
  return {
    definition,
    run: async (name, args) => {
      const { values, positionals } = read(name, definition, args)
      await work(values, readOperand(name, definition, positionals))
    },
  }
}

function read<Taken extends Options>(
  name: string,
  { options }: CommandDefinition<Taken>,
  args: readonly string[],
): Given<Taken> {
  try {
    const comments = args.filter(arg => /^--\s/.test(arg)) // an operand in SQL may begin with one
    const words = args.filter(arg => !comments.includes(arg))
    const { tokens, ...given } = parseArgs({ args: words, options, allowPositionals: true, tokens: true })
    refuseTwice(tokens, options)
    given.positionals.push(...comments)
    return given
  } catch (error) {
    if (error instanceof UsageError) throw error
    const message = error instanceof Error ? error.message : String(error)
    const [, unknown] = /^Unknown option '-*([^']*)'/.exec(message) ?? []
    const what =
      unknown === undefined
        ? message.replace(/\n[\s\S]*/, '').replace(/^O/, 'o')
        : `unknown option --${unknown}${suggestion(unknown, Object.keys(options)).replace(/ (\S+\?)$/, ' --$1')}`
    throw new UsageError(`${what}${what.endsWith('?') ? '' : ':'} ${seeHelp(name)}`)
  }
}

/** Refuses an option whose value is empty, or that has two values and takes one. Throws UsageError. */
function refuseTwice(tokens: readonly Token[], options: Options): void {
  const seen = new Set<string>()
  for (const token of tokens) {
    const { kind, name = '', value } = token
    if (kind !== 'option' || options[name]?.type !== 'string') continue
    if (value === '') throw new UsageError(`--${name} is empty: give it a value, or leave it out`)
    if (seen.has(name) && !options[name]?.multiple)
      throw new UsageError(`--${name} is given twice: leave one of them out`)
    seen.add(name)
  }
}

/** As much of parseArgs's tokens as is looked at. */
interface Token {
  readonly kind: string
  readonly name?: string
  readonly value?: string | undefined
}

function readOperand(name: string, { operand, options }: CommandDefinition, positionals: readonly string[]): string {
  const [first, second] = positionals
  if (operand !== undefined) {
    if (first !== undefined && second === undefined) return first
    if (first === undefined && operand.optional) return ''
    const found = first === undefined ? 'there is none' : `there are ${positionals.length}`
    throw new UsageError(
      `${operand.optional ? `at most one ${operand.noun} is taken` : `one ${operand.noun} is needed`}, and ${found}: write npx silversmith ${name} [options] ${operand.form}`,
    )
  }
  if (first === undefined) return ''
  const hint = meantHint(name, options, first) ?? seeHelp(name)
  throw new UsageError(`${name} takes options only, not ${first}: ${hint}`)
}

/** How an operand was meant that a command does not take: a lake, or the value of an option that npm has kept. */
function meantHint(name: string, options: Options, operand: string): string | undefined {
  const { npm_lifecycle_event: event, npm_lifecycle_script: script } = process.env
  const byNpm = event === 'start' && script?.includes('silversmith')
  const isLake = 'lake' in options && existsSync(join(userPath(operand), 'bronze'))
  const command = byNpm ? 'npm start --' : `npx silversmith ${name}`
  if (isLake) return `for a lake write ${command} --lake ${shellWord(operand)}`
  return byNpm ? `npm keeps options that stand before --: write npm start -- --OPTION ${operand}` : undefined
}

/** Where a command's options are listed. */
export function seeHelp(name: string): string {
  return `npx silversmith ${name} --help lists the options`
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
  return wordOf(`--${name}`, text, words)
}

/** Reads what messages call `what`, as one of some words. Throws UsageError. */
export function wordOf<Word extends string>(what: string, text: string, words: readonly Word[]): Word {
  const found = words.find(word => word === text)
  if (found !== undefined) return found
  const list = words.length < 3 ? words.join(' or ') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`
  throw new UsageError(`${what} must be ${list}, not ${text}`)
}

const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** Reads an option that is an age, such as 30m, 24h or 7d, in milliseconds. */
export function readAge(name: string, text: string): number {
  const [, number, unit = ''] = /^(\d+)([smhd])$/.exec(text) ?? []
  const scale = UNITS[unit]
  if (number === undefined || scale === undefined)
    throw new UsageError(`--${name} must be like 30m, 24h or 7d, not ${text}`)
  return Number(number) * scale
}

/** Reads an option that is a time in ISO 8601, in UTC milliseconds. */
export function readTime(name: string, text: string): number {
  const time = parseTime(text)
  if (typeof time === 'string') throw new UsageError(`--${name} ${time}`)
  return time
}

/** The option of commands that print facts. */
export const JSON_OPTION = {
  json: { type: 'boolean', default: false, help: 'print the facts as JSON; docs/operations.md names the fields' },
} as const

/** Facts as JSON: on one line for programs, over many for who reads it on a terminal. */
export function factsJson(facts: unknown): string {
  return JSON.stringify(facts, null, process.stdout.isTTY ? 2 : undefined)
}
