import type { CommandLine, Option } from './command.ts'
import { wrap } from './text.ts'

/** Columns of a usage text. */
const WIDTH = 100

/** What `--help` shows: how a command is called, what it does, and its options. */
export function usageText({ name, purpose, options, operand }: CommandLine<Readonly<Record<string, Option>>>): string {
  const named = Object.entries(options).map(([name, option]) => [spelling(name, option), describe(option)] as const)
  const indent = Math.max(0, ...named.map(([spelt]) => spelt.length)) + 4
  return [
    ['usage:', name, '--', ...(named.length > 0 ? ['[options]'] : []), ...(operand ? [operand.form] : [])].join(' '),
    '',
    ...wrap(purpose, WIDTH),
    ...(named.length > 0 ? [''] : []),
    ...named.flatMap(([spelt, help]) => {
      const [first = '', ...rest] = wrap(help, WIDTH - indent)
      return [`  ${spelt.padEnd(indent - 2)}${first}`, ...rest.map(line => ' '.repeat(indent) + line)]
    }),
  ].join('\n')
}

function spelling(name: string, { type, value }: Option): string {
  return type === 'boolean' ? `--${name}` : `--${name} ${value ?? 'VALUE'}`
}

function describe({ help, default: preset, multiple }: Option): string {
  const shown = typeof preset === 'string' ? ` (default: ${preset})` : ''
  return `${help}${multiple ? '; may be given several times' : ''}${shown}`
}
