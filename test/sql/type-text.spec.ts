import assert from 'node:assert/strict'
import fc from 'fast-check'
import { Cursor } from '../../functions/sql/parse/cursor.ts'
import { readType } from '../../functions/sql/parse/types.ts'
import { parseType, printType } from '../../functions/sql/type-text.ts'
import { decimalType, PRIMITIVE_TYPES, type SqlType, sameType } from '../../functions/sql/types.ts'

/** Names that could be taken for something else in a type, and any others. */
const NAME = fc.oneof(
  fc.constantFrom(
    'a',
    'A',
    'int',
    'a:int',
    'a:int>',
    '`',
    '``',
    '`a`',
    'a,b',
    'array<int>',
    'decimal(1,0)',
    ' ',
    'ü😀',
    '\n',
  ),
  fc.string({ unit: fc.constantFrom('a', '`', ':', ',', '<', '>', '(', ')', ' ', 'int') }),
  fc.string({ unit: 'binary' }),
)

const { type: TYPE } = fc.letrec<{ type: SqlType }>(tie => {
  const type = tie('type')
  return {
    type: fc.oneof(
      { maxDepth: 4, depthSize: 'small' },
      fc.constantFrom(...PRIMITIVE_TYPES),
      fc
        .tuple(fc.integer({ min: 1, max: 38 }), fc.nat(38))
        .map(([precision, scale]) => decimalType(precision, Math.min(precision, scale))),
      fc.record({ kind: fc.constant('array' as const), element: type }),
      fc.record({ kind: fc.constant('map' as const), key: type, value: type }),
      fc.record({
        kind: fc.constant('struct' as const),
        fields: fc.array(fc.record({ name: NAME, type }), { minLength: 1, maxLength: 4 }),
      }),
    ),
  }
})

describe('parseType()', () => {
  it('reads what printType writes, whatever the fields are called', () => {
    fc.assert(fc.property(TYPE, type => assert.deepEqual(parseType(printType(type)), plain(type))))
  })

  it('reads what bronze.sql may declare as the parser of SQL does', () => {
    for (const text of ['decimal(10,2)', 'array<map<string,int>>', 'struct<a:int,`b:c`:array<decimal(5,0)>>']) {
      assert.deepEqual(parseType(text), readType(new Cursor(text)))
    }
  })

  it('reads the names of earlier versions, which had no backticks around them', () => {
    const fields = [
      { name: 'a:b', type: 'int' },
      { name: 'c,<d>)', type: 'string' },
      { name: 'e`f', type: { kind: 'array', element: decimalType(5, 2) } },
    ]
    assert.deepEqual(parseType('struct<a:b:int,c,<d>):string,e`f:array<decimal(5,2)>>'), { kind: 'struct', fields })
  })

  it('refuses what is not a type', () => {
    for (const text of [
      '',
      'void',
      'varchar(3)',
      'INT',
      'int ',
      'ints',
      'decimal',
      'decimal(10)',
      'array<int',
      'array<>',
    ]) {
      assert.throws(() => parseType(text), new TypeError(`${JSON.stringify(text)} is not a type of a column`))
    }
    for (const text of ['map<int>', 'map<int,int,int>', 'struct<>', 'struct<a>', 'struct<a:int,>', 'int,int', 'int>']) {
      assert.throws(() => parseType(text), TypeError)
    }
  })
})

describe('sameType()', () => {
  it('is what equal texts say', () => {
    const pair = fc.oneof(
      fc.tuple(TYPE, TYPE),
      TYPE.map(type => [type, structuredClone(type)] as const),
    )
    fc.assert(fc.property(pair, ([a, b]) => assert.equal(sameType(a, b), printType(a) === printType(b))))
  })

  it('tells types apart that differ in one place', () => {
    const texts = ['int', 'decimal(9,2)', 'decimal(9,1)', 'array<int>', 'array<date>', 'map<int,date>', 'map<date,int>']
    const structs = ['struct<a:int>', 'struct<b:int>', 'struct<a:date>', 'struct<a:int,b:int>', 'struct<b:int,a:int>']
    const all = [...texts, ...structs]
    for (const a of all) for (const b of all) assert.equal(sameType(parseType(a), parseType(b)), a === b, `${a} ${b}`)
  })
})

/** fast-check's objects have no prototype. */
function plain(type: SqlType): SqlType {
  return typeof type === 'string' ? type : structuredClone(type)
}
