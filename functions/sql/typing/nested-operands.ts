import { printType } from '../type-text.ts'
import type { NestedType, SqlType } from '../types.ts'
import { concrete, wider } from './common-type.ts'
import { makeCall } from './make-call.ts'
import { castOperand, type Operand } from './operand.ts'
import type { Typed } from './operators.ts'

/** What types a call of a function on nested values. `name` is the compiled call's. */
export type NestedRule = (args: readonly Operand[], name: string) => Typed

export type ArrayType = Extract<NestedType, { kind: 'array' }>
export type MapType = Extract<NestedType, { kind: 'map' }>

export function arrayOf(element: SqlType): ArrayType {
  return { kind: 'array', element }
}

export function mapOf(key: SqlType, value: SqlType): MapType {
  return { kind: 'map', key, value }
}

export function structOf(...fields: readonly (readonly [name: string, type: SqlType])[]): SqlType {
  return { kind: 'struct', fields: fields.map(([name, type]) => ({ name, type })) }
}

/** The type of an array, of texts where it is a bare NULL; null if it is not an array. */
export function arrayType({ type }: Pick<Operand, 'type'>): ArrayType | null {
  if (type === 'void') return arrayOf('string')
  return typeof type === 'object' && type.kind === 'array' ? type : null
}

export function mapType({ type }: Operand): MapType | null {
  if (type === 'void') return mapOf('string', 'string')
  return typeof type === 'object' && type.kind === 'map' ? type : null
}

/** The type that values in one array get, as in COALESCE or, without `text`, where no number becomes a text. */
export function commonType(types: readonly Operand['type'][], text: boolean): SqlType | null {
  const type = wider(types, text)
  return type && concrete(type)
}

/** The call with each argument cast to its type, or what is wrong with the arguments. */
export function callWith(
  name: string,
  args: readonly Operand[],
  types: readonly (SqlType | null)[],
  result: SqlType | null,
): Typed {
  const cast = args.flatMap((arg, i) => {
    const type = types[i]
    return (type && castOperand(arg, type)) ?? []
  })
  return result && cast.length === args.length ? { expr: makeCall(name, cast, result) } : misfit(args)
}

/** As callWith, with all arguments cast to one type. */
export function callAlike(name: string, args: readonly Operand[], type: SqlType | null, result: SqlType | null): Typed {
  const types = args.map(() => type)
  return callWith(name, args, types, result)
}

export function misfit(args: readonly Operand[]): { readonly wrong: string } {
  return { wrong: `it does not take ${args.map(({ type }) => printType(type)).join(', ')}; cast them` }
}
