import { type IntegerType, isInteger } from '../evaluate/integer.ts'
import { type DecimalType, decimalOf, decimalType, isNested, type SqlType, sameType } from '../types.ts'
import { boundedDecimal } from './decimal-type.ts'
import { isFolded } from './make-call.ts'
import type { Operand } from './operand.ts'
import { isUntyped } from './untyped.ts'

/*
 * The types that Spark 3.5 finds for operands of different ones, with ANSI off (TypeCoercion.scala). Null: it finds
 * none.
 */

type Type = SqlType | 'void'

const NUMBERS: readonly Type[] = ['tinyint', 'smallint', 'int', 'bigint', 'float', 'double']

export function isNumber(type: Type): boolean {
  return NUMBERS.includes(type) || decimalOf(type) !== null
}

/** Whether values of a type can be compared: all but maps, and what has one in it. */
export function isOrdered(type: Type): boolean {
  if (!isNested(type)) return true
  if (type.kind === 'map') return false
  return type.kind === 'array' ? isOrdered(type.element) : type.fields.every(field => isOrdered(field.type))
}

/** findTightestCommonType: no string, and no decimal with another number that it does not hold. */
export function tightest(a: Type, b: Type): Type | null {
  if (b === 'void' || isUntyped(b, a) || sameType(a, b)) return a
  if (a === 'void' || isUntyped(a, b)) return b
  if (NUMBERS.includes(a) && NUMBERS.includes(b))
    return NUMBERS[Math.max(NUMBERS.indexOf(a), NUMBERS.indexOf(b))] ?? null
  if ((a === 'date' && b === 'timestamp') || (a === 'timestamp' && b === 'date')) return 'timestamp'
  return merged(a, b, tightest)
}

/** findTypeForComplex: nested types of one kind get the common types of their parts; a struct's fields must have the same names. */
function merged(a: Type, b: Type, common: (a: Type, b: Type) => Type | null): SqlType | null {
  if (!isNested(a) || !isNested(b)) return null
  const part = (x: SqlType, y: SqlType): SqlType | null => {
    const type = common(x, y)
    return type === 'void' ? null : type
  }
  if (a.kind === 'array' && b.kind === 'array') {
    const element = part(a.element, b.element)
    return element && { kind: 'array', element }
  }
  if (a.kind === 'map' && b.kind === 'map') {
    const [key, value] = [part(a.key, b.key), part(a.value, b.value)]
    return key && value && { kind: 'map', key, value }
  }
  if (a.kind !== 'struct' || b.kind !== 'struct' || a.fields.length !== b.fields.length) return null
  const fields = a.fields.flatMap(({ name, type }, i) => {
    const other = b.fields[i]
    const found = other && other.name.toLowerCase() === name.toLowerCase() ? part(type, other.type) : null
    return found ? [{ name, type: found }] : []
  })
  return fields.length === a.fields.length ? { kind: 'struct', fields } : null
}

const DIGITS: Readonly<Record<IntegerType, number>> = { tinyint: 3, smallint: 5, int: 10, bigint: 20 }

/** The decimal that holds every value of a whole number's type; a decimal's own. */
export function asDecimal(type: Type): DecimalType | null {
  return isInteger(type) ? decimalType(DIGITS[type], 0) : decimalOf(type)
}

/** The decimal that Spark casts a number to where one is asked for; floats get the digits that they have at most. */
export function decimalHolding(type: Type): DecimalType | null {
  if (type === 'float') return decimalType(14, 7)
  return type === 'double' ? decimalType(30, 15) : asDecimal(type)
}

/** For an operand of an operator: a whole number that is written there needs just its own digits. */
export function operandDecimal(operand: Operand): DecimalType | null {
  if (operand.op === 'literal' && operand.value !== null && isShortLiteral(operand.type) && !isFolded(operand)) {
    return decimalType(String(operand.value).replace('-', '').length, 0)
  }
  return asDecimal(operand.type)
}

/** Spark gives a TINYINT constant all three digits (DataTypeUtils.fromLiteral). */
function isShortLiteral(type: SqlType): boolean {
  return isInteger(type) && type !== 'tinyint'
}

/** findWiderTypeForDecimal. */
function widerDecimal(a: Type, b: Type): SqlType | null {
  const left = asDecimal(a)
  const right = asDecimal(b)
  if (left && right) return holdingBoth(left, right)
  return isNumber(a) && isNumber(b) ? 'double' : null
}

export function holdingBoth(a: DecimalType, b: DecimalType): DecimalType {
  const scale = Math.max(a.scale, b.scale)
  return boundedDecimal(Math.max(a.precision - a.scale, b.precision - b.scale) + scale, scale)
}

/** findWiderTypeForTwo, with or without making one side a string. */
function widerOfTwo(a: Type, b: Type, text: boolean): Type | null {
  const type = tightest(a, b) ?? widerDecimal(a, b)
  if (type) return type
  const nested = merged(a, b, (x, y) => widerOfTwo(x, y, text))
  if (nested || !text) return nested
  const other = a === 'string' ? b : b === 'string' ? a : null
  return other && (isNumber(other) || other === 'date' || other === 'timestamp') ? 'string' : null
}

/**
 * The type of values that must be alike (COALESCE, CASE, IN). Strings come first, because the rule is not associative.
 */
export function wider(types: readonly Type[], text = true): Type | null {
  const strings = types.filter(type => type === 'string').slice(0, 1)
  const others = types.filter(type => type !== 'string')
  return [...strings, ...others].reduce<Type | null>((found, type) => found && widerOfTwo(found, type, text), 'void')
}

/** The type that two sides of a comparison are cast to (PromoteStrings, DecimalPrecision, ImplicitTypeCasts). */
export function comparable(a: Operand, b: Operand): Type | null {
  if (sameType(a.type, b.type)) return a.type
  if (a.type === 'string') return withText(b.type)
  if (b.type === 'string') return withText(a.type)
  const left = operandDecimal(a)
  const right = operandDecimal(b)
  if (decimalOf(a.type) || decimalOf(b.type)) {
    if (left && right) return holdingBoth(left, right)
    if (a.type === 'void' || b.type === 'void') return tightest(a.type, b.type)
    return isNumber(a.type) && isNumber(b.type) ? 'double' : null
  }
  return tightest(a.type, b.type)
}

function withText(other: Type): Type | null {
  if (other === 'void') return 'string'
  if (decimalOf(other)) return 'double'
  return isNumber(other) || other === 'boolean' || other === 'date' || other === 'timestamp' || other === 'binary'
    ? other
    : null
}

/** The common type as a type that something can have: NULLs alone are strings. */
export function concrete(type: Type): SqlType {
  return type === 'void' ? 'string' : type
}
