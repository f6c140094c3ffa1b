import fc from 'fast-check'
import { PRIMITIVE_TYPES, type SqlType, type Value } from '../../functions/sql/types.ts'

const LONG = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
const NUMBER = fc.oneof(fc.constantFrom(0, -0, Number.NaN, Infinity, -Infinity), fc.double())

/** Any type, nested to three levels. */
export const { type: TYPE } = fc.letrec<{ type: SqlType }>(tie => ({
  type: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    fc.constantFrom<SqlType>(
      ...PRIMITIVE_TYPES,
      { kind: 'decimal', precision: 9, scale: 2 },
      { kind: 'decimal', precision: 38, scale: 2 },
    ),
    fc.record({ kind: fc.constant('array' as const), element: tie('type') }),
    fc.record({ kind: fc.constant('map' as const), key: tie('type'), value: tie('type') }),
    fc
      .array(tie('type'), { minLength: 1, maxLength: 3 })
      .map(types => ({ kind: 'struct' as const, fields: types.map((type, i) => ({ name: `f${i}`, type })) })),
  ),
}))

/** Any value of a type, NULL too; keys of maps are not. */
export function anyOf(type: SqlType): fc.Arbitrary<Value> {
  return fc.option(contentOf(type), { freq: 5 })
}

function contentOf(type: SqlType): fc.Arbitrary<Value> {
  switch (type) {
    case 'boolean':
      return fc.boolean()
    case 'bigint':
    case 'timestamp':
      return LONG
    case 'float':
      return NUMBER.map(Math.fround)
    case 'double':
      return NUMBER
    case 'string':
      return fc.string({ unit: 'binary' })
    case 'binary':
      return fc.uint8Array({ maxLength: 6 }).map(bytes => Uint8Array.from(bytes))
  }
  if (typeof type === 'string') return fc.integer({ min: -128, max: 127 })
  switch (type.kind) {
    case 'decimal': {
      const most = 10n ** BigInt(type.precision) - 1n
      return fc.bigInt({ min: -most, max: most })
    }
    case 'array':
      return fc.array(anyOf(type.element), { maxLength: 3 })
    case 'map':
      return fc.array(fc.tuple(contentOf(type.key), anyOf(type.value)), { maxLength: 3 })
    case 'struct':
      return fc.tuple(...type.fields.map(field => anyOf(field.type)))
  }
}
