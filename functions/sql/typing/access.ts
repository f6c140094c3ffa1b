import { suggestion } from '../../base/suggest.ts'
import { isInteger } from '../evaluate/integer.ts'
import { encodeLiteral } from '../literal.ts'
import type { Name } from '../parse/syntax.ts'
import { printType } from '../type-text.ts'
import type { Column, SqlType } from '../types.ts'
import { type Context, fail } from './context.ts'
import { makeCall } from './make-call.ts'
import { castOperand, type Operand } from './operand.ts'
import type { Typed } from './operators.ts'

/** `operand.name`: a field of a struct, of each struct of an array, or the value of a map's key. Throws InvalidQuery. */
export function fieldOf(operand: Operand, name: Name, context: Pick<Context, 'sql'>): Operand {
  const typed = typeField(operand, name.text)
  return 'expr' in typed ? typed.expr : fail(context, `there is no field ${name.text}: ${typed.wrong}`, name.at)
}

function typeField(operand: Operand, name: string): Typed {
  const { type } = operand
  if (typeof type === 'object') {
    if (type.kind === 'map') return typeItem(operand, encodeLiteral(name, 'string'))
    const isArray = type.kind === 'array'
    const struct = isArray ? type.element : type
    if (typeof struct === 'object' && struct.kind === 'struct') {
      const found = struct.fields.flatMap((field, index) => (isNamed(field, name) ? [{ field, index }] : []))
      const [first] = found
      if (found.length > 1) return { wrong: `${printType(struct)} has it twice` }
      if (!first) {
        const names = struct.fields.map(field => field.name)
        return { wrong: `${printType(struct)} has ${names.join(', ')}${suggestion(name, names)}` }
      }
      const result: SqlType = isArray ? { kind: 'array', element: first.field.type } : first.field.type
      const index = encodeLiteral(first.index, 'int')
      return { expr: makeCall(isArray ? 'array-field' : 'struct-field', [operand, index], result) }
    }
  }
  return { wrong: `${printType(type)} has no fields` }
}

function isNamed(field: Column, name: string): boolean {
  return field.name.toLowerCase() === name.toLowerCase()
}

/** All fields of a struct, as `struct.*` has them. Throws InvalidQuery for anything else. */
export function fieldsOf(
  operand: Operand,
  context: Pick<Context, 'sql'>,
  at: number,
): { readonly name: string; readonly operand: Operand }[] {
  const { type } = operand
  if (operand.op === 'null' || typeof type === 'string' || type.kind !== 'struct')
    return fail(context, `only a struct has fields to list, and this is ${printType(type)}`, at)
  return type.fields.map(({ name, type: field }, index) => ({
    name,
    operand: makeCall('struct-field', [operand, encodeLiteral(index, 'int')], field),
  }))
}

/** `operand[index]`: an element of an array from 0 on, the value of a map's key, or a field by a constant name. */
export function typeItem(operand: Operand, index: Operand): Typed {
  const { type } = operand
  if (typeof type === 'object') {
    if (type.kind === 'map') {
      const key = castOperand(index, type.key)
      return key
        ? { expr: makeCall('map-item', [operand, key], type.value) }
        : { wrong: `the keys are ${printType(type.key)}, not ${printType(index.type)}; cast the key` }
    }
    const isName = index.op === 'literal' && index.type === 'string'
    if (isName) return typeField(operand, String(index.value))
    if (type.kind === 'array') {
      const at =
        index.op === 'null' || isInteger(index.type)
          ? castOperand(index, index.type === 'bigint' ? 'bigint' : 'int')
          : null
      return at
        ? { expr: makeCall('array-item', [operand, at], type.element) }
        : { wrong: `the index of an array is a whole number, not ${printType(index.type)}` }
    }
  }
  return { wrong: `${printType(type)} has no elements; an array, a map or a struct has` }
}
