import { encodeLiteral } from '../literal.ts'
import type { Syntax } from '../parse/syntax.ts'
import type { Column } from '../types.ts'
import { makeCall } from './make-call.ts'
import { arrayOf, arrayType } from './nested-operands.ts'
import { castOperand, type Operand } from './operand.ts'
import type { Typed } from './operators.ts'

/** Before each argument the name of its field: its own, or one by its number. */
export function withNames(
  syntaxes: readonly Syntax[],
  args: readonly Operand[],
  otherwise: (index: number) => string,
): Operand[] {
  return args.flatMap((arg, i) => {
    const syntax = syntaxes[i]
    return [encodeLiteral((syntax && ownName(syntax)) ?? otherwise(i), 'string'), arg]
  })
}

/** The name that a struct's field takes from its expression; null if that has none. */
export function ownName(syntax: Syntax): string | null {
  if (syntax.kind === 'name') return syntax.parts.at(-1)?.text ?? null
  if (syntax.kind === 'named' || syntax.kind === 'field') return syntax.name.text
  const isKey = syntax.kind === 'index' && syntax.index.kind === 'literal' && syntax.index.type === 'string'
  return isKey ? String(syntax.index.value) : null
}

/** What is wrong with the names of a struct's fields; null for names that differ. */
export function twinOf(names: readonly string[]): { readonly wrong: string } | null {
  const lower = names.map(name => name.toLowerCase())
  const twin = names.find((name, i) => lower.indexOf(name.toLowerCase()) !== i)
  if (names.includes('')) return { wrong: 'a field has an empty name' }
  return twin === undefined ? null : { wrong: `the field ${twin} occurs twice; rename one of them with AS` }
}

/** ARRAYS_ZIP of names and arrays in turn. */
export function typeZip(named: readonly Operand[]): Typed {
  const fields: Column[] = []
  const arrays = named.flatMap((array, i) => {
    const name = named[i - 1]
    const type = i % 2 === 1 ? arrayType(array) : null
    const expr = type && castOperand(array, type)
    if (!expr || !type || name?.op !== 'literal') return []
    fields.push({ name: String(name.value), type: type.element })
    return [expr]
  })
  if (arrays.length * 2 < named.length || arrays.length === 0) return { wrong: 'it takes arrays' }
  const twin = twinOf(fields.map(({ name }) => name))
  return twin ?? { expr: makeCall('arrays_zip', arrays, arrayOf({ kind: 'struct', fields })) }
}
