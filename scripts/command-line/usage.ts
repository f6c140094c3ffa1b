import { wrapLines } from '../../functions/base/text.ts'
import type { CommandDefinition, Option } from './command.ts'

/** Columns of a usage text. */
const WIDTH = 100

/** What `silversmith --help` shows: the commands. */
export function overview(commands: Readonly<Record<string, { readonly summary: string }>>): string {
  const width = Math.max(...Object.keys(commands).map(name => name.length))
  return [
    'usage: npx silversmith <command> [options]',
    '',
    ...Object.entries(commands).map(([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}`),
    '',
    'npx silversmith <command> --help lists its options; --version shows the version.',
    'Exit status: 0 done, 1 failed, 2 wrong use.',
  ].join('\n')
}

/** What `--help` of a command shows: how it is called, what it does, and its options. */
export function usageText(name: string, { purpose, options, operand }: CommandDefinition): string {
  const named = Object.entries(options).map(([name, option]) => [spelling(name, option), describe(option)] as const)
  const indent = Math.max(0, ...named.map(([spelt]) => spelt.length)) + 4
  const words = [...(named.length > 0 ? ['[options]'] : []), ...(operand ? [operand.form] : [])]
  return [
    ['usage: npx silversmith', name, ...words].join(' '),
    '',
    ...wrapLines(purpose, WIDTH),
    ...(named.length > 0 ? [''] : []),
    ...named.flatMap(([spelt, help]) => {
      const [first = '', ...rest] = wrapLines(help, WIDTH - indent)
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
