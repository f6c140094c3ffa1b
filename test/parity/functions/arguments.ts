import { createHash } from 'node:crypto'
import { parseType } from '../../../functions/sql/type-text.ts'
import type { SqlType, Value } from '../../../functions/sql/types.ts'
import { type Cell, decodeCell } from '../cells.ts'
import { Draw } from './draw.ts'
import { edgesOf } from './edges.ts'
import { brokenJson, dayText, isoMoment, json, moment, numeral, stamp, text, url, zone } from './texts.ts'

/** Rows of arguments. Of the first, Spark's answers are kept in full, of the others a digest of each block. */
export const ROWS = 2688
export const ROWS_IN_FULL = 128
export const BLOCK = 64
/** In so many rows, every second argument is an edge. */
const ROWS_OF_EDGES = 384

interface Kind {
  readonly type: string
  readonly edges: readonly Cell[]
  readonly make: (draw: Draw) => Cell
}

const kind = (type: string, edges: readonly Cell[], make: Kind['make']): Kind => ({ type, edges, make })

// Java asks where words end before it makes a Σ small, and finds other words than JavaScript beside digits and marks.
const TEXT = kind('string', [...edgesOf('texts'), ...edgesOf('greek')], text)
const INT = kind('int', edgesOf('ints'), draw => (draw.chance(0.3) ? draw.between(-40, 40) : int(draw)))
const LONG = kind('bigint', edgesOf('longs'), draw => String(BigInt.asIntN(64, draw.whole(draw.pick([8, 33, 63, 64])))))
const DOUBLE = kind('double', edgesOf('doubles'), double)
const FLOAT = kind('float', edgesOf('floats'), single)
const DECIMAL = kind('decimal(10,2)', ['0', '1', '-1', '100', '50', '-50', '9999999999', '-9999999999'], decimal(10))
const DAY = kind('date', edgesOf('days'), days)
const MOMENT = kind('timestamp', ['0', '-1', '1', '253402300799999999', '-62135596800000000'], micros)
const BOOLEAN = kind('boolean', [], draw => draw.chance(0.5))
const BINARY = kind('binary', ['', '00', 'ff', 'c3a9', 'c328', 'f09f9880', '80'], hex)
const WORDS = kind('array<string>', [[], [null], ['']], draw => some(draw, word))
const NUMBERS = kind('array<int>', [[], [null], [0]], draw => some(draw, small))
const COUNTS = kind('map<string,int>', [[]], draw => entries(draw, word, d => maybe(d, small)))
const JSON_TEXT = kind('string', edgesOf('documents'), brokenJson)
const WHOLE_JSON = kind('string', edgesOf('documents'), json)

const COLUMNS: Readonly<Record<string, Kind>> = {
  ...{ s: TEXT, t: TEXT, u: TEXT },
  p: kind('string', edgesOf('parts'), draw => draw.pick(edgesOf('parts'))),
  q: kind('string', edgesOf('urls'), url),
  z: kind('string', edgesOf('zones'), zone),
  l: kind('string', ['', '2014-01-05', 'NaN'], stamp),
  g: kind('string', [], dayText),
  d: kind('string', edgesOf('numerals'), numeral),
  e: kind('string', edgesOf('moments'), moment),
  ...{ i: INT, j: INT, b: LONG, c: LONG },
  y: kind('tinyint', edgesOf('tinyints'), draw => (draw.chance(0.5) ? draw.between(-12, 30) : draw.between(-128, 127))),
  h: kind('smallint', edgesOf('smallints'), draw =>
    draw.chance(0.1) ? draw.between(-50, 50) : draw.between(-32768, 32767),
  ),
  ...{ x: DOUBLE, x2: DOUBLE, f: FLOAT, f2: FLOAT, m: DECIMAL, m2: DECIMAL },
  x3: kind('double', edgesOf('doubles'), anyDouble),
  f3: kind('float', [...edgesOf('floats'), ...edgesOf('far floats')], anySingle),
  n: kind('decimal(38,18)', ['0', '1', '-1', '1000000000000000000', '9'.repeat(38), `-${'9'.repeat(38)}`], decimal(38)),
  n0: kind(
    'decimal(20,0)',
    ['0', '1', '-1', '9'.repeat(20), '9223372036854775807', '9223372036854775808'],
    decimal(20),
  ),
  ...{ a: DAY, k: DAY, v: MOMENT, w: MOMENT, o: BOOLEAN, o2: BOOLEAN, r: BINARY },
  ...{ ai: NUMBERS, ai2: NUMBERS, ws: WORDS, ws2: WORDS },
  ax: kind('array<double>', [[], ['NaN']], draw =>
    some(draw, d => d.pick([0, '-0.0', 1.5, -2.5, 'NaN', 'Infinity', 1e20, double(d)])),
  ),
  am: kind('array<decimal(10,2)>', [[]], draw => some(draw, decimal(10), 3)),
  aa: kind('array<array<int>>', [[], [[]], [null]], draw => some(draw, d => some(d, small, 3), 3)),
  ...{ mi: COUNTS, mi2: COUNTS },
  mk: kind('map<int,string>', [[]], draw => entries(draw, small, word)),
  g1: kind('struct<name:string,n:int,at:struct<x:double,o:boolean>>', [], draw => [
    ...pair(draw),
    draw.pick([null, [1.5, true], ['NaN', null], [double(draw), false]]),
  ]),
  its: kind('array<struct<sku:string,n:int>>', [[], [null]], draw => some(draw, pair, 4)),
  nu: kind('int', [], draw => draw.between(-6, 8)),
  ...{ js: JSON_TEXT, js2: JSON_TEXT, jo: WHOLE_JSON, jo2: WHOLE_JSON },
  jt: kind('string', [], draw => `{"a": "${draw.pick([dayText, stamp, isoMoment])(draw)}", "b": "${isoMoment(draw)}"}`),
}

/** A column of the arguments. */
export interface ArgumentColumn {
  readonly name: string
  readonly type: SqlType
  readonly typeText: string
  readonly cells: readonly Cell[]
  readonly values: readonly Value[]
}

/**
 * The columns that calls.txt is about: every edge of a column once, in an order of its own, then edges and random values,
 * more edges in the first rows. Each column is drawn from its name: a new one changes no other.
 */
export function argumentColumns(): ArgumentColumn[] {
  return Object.entries(COLUMNS).map(([name, of]) => {
    const draw = new Draw(name)
    const first = draw.shuffled(of.edges)
    const cells = Array.from({ length: ROWS }, (_, row) => first[row] ?? next(draw, of, row < ROWS_OF_EDGES))
    const type = parseType(of.type)
    return { name, type, typeText: of.type, cells, values: cells.map(cell => decodeCell(cell, type)) }
  })
}

function next(draw: Draw, { edges, make }: Kind, near: boolean): Cell {
  if (draw.chance(near ? 1 / 15 : 1 / 50)) return null
  return edges.length > 0 && draw.chance(near ? 0.5 : 0.1) ? draw.pick(edges) : make(draw)
}

/** Tells whether arguments are those that Spark was asked about. */
export function argumentDigest(columns: readonly ArgumentColumn[]): string {
  const text = JSON.stringify(columns.map(({ name, typeText, cells }) => [name, typeText, cells]))
  return createHash('sha256').update(text).digest('hex').slice(0, 16)
}

function int(draw: Draw): number {
  return Number(BigInt.asIntN(32, draw.whole(32)))
}

function small(draw: Draw): number {
  return draw.chance(0.9) ? draw.between(-3, 6) : int(draw)
}

function word(draw: Draw): string {
  return draw.chance(0.8) ? draw.pick(['a', 'b', 'c', '', 'A', 'ab', 'é', '😀', 'x y', '1']) : text(draw)
}

/** A double that every Java prints with as few digits as possible; before 19 they had more for some of 10¹⁷ to 10²³. */
function double(draw: Draw): number {
  const roll = draw.between(0, 9)
  if (roll < 4) return Number(`${draw.whole(30)}e-${draw.between(0, 9)}`)
  if (roll < 7) return draw.fraction() * 200 - 100
  const power = roll < 9 ? draw.between(-20, 6) : draw.pick([draw.between(-310, -20), draw.between(24, 299)])
  return Number(`${draw.between(-(2 ** 31), 2 ** 31)}e${power}`)
}

/** A float that every Java prints so. */
function single(draw: Draw): number {
  return Math.fround(
    draw.chance(0.7) ? draw.fraction() * 2000 - 1000 : Number(`${draw.whole(19)}e-${draw.between(0, 3)}`),
  )
}

/** A double of any bits, or one near the ends of the whole numbers' types. */
function anyDouble(draw: Draw): Cell {
  if (draw.chance(0.4)) return Number(draw.whole(70)) / draw.pick([1, 1, 2, 10])
  return floating(new Float64Array(Uint32Array.of(draw.bits(), draw.bits()).buffer)[0] ?? 0)
}

function anySingle(draw: Draw): Cell {
  if (draw.chance(0.4)) return Math.fround(Number(draw.whole(70)) / draw.pick([1, 1, 2, 10]))
  return floating(new Float32Array(Uint32Array.of(draw.bits()).buffer)[0] ?? 0)
}

function floating(value: number): Cell {
  return Number.isFinite(value) ? value : String(value)
}

function decimal(digits: number): (draw: Draw) => string {
  return draw => {
    const magnitude = BigInt(draw.digits(digits) || '0')
    return String(draw.chance(0.5) ? magnitude : -magnitude)
  }
}

function days(draw: Draw): number {
  return draw.chance(0.9) ? draw.between(-40_000, 40_000) : draw.between(-1_500_000, 3_000_000)
}

function micros(draw: Draw): string {
  const day = draw.chance(0.3) ? draw.pick(edgesOf('days')) : draw.between(-40_000, 40_000)
  const part = draw.chance(0.3) ? draw.pick(edgesOf('microseconds of a day')) : draw.between(0, 86_399_999_999)
  return String(BigInt(Number(day)) * 86_400_000_000n + BigInt(Number(part)))
}

function hex(draw: Draw): string {
  const length = draw.chance(0.3) ? draw.pick([3, 4, 7, 8, 31, 32, 33, 55, 56, 64, 70, 127, 128]) : draw.between(0, 40)
  return Array.from({ length }, () => draw.between(0, 255).toString(16).padStart(2, '0')).join('')
}

function maybe(draw: Draw, make: (draw: Draw) => Cell): Cell {
  return draw.chance(0.25) ? null : make(draw)
}

/** A list, often with a NULL in it. */
function some(draw: Draw, make: (draw: Draw) => Cell, most = 5): Cell[] {
  const hasNull = draw.chance(0.3)
  return draw.list(most, () => (hasNull && draw.chance(0.3) ? null : make(draw)))
}

function pair(draw: Draw): Cell[] {
  return [maybe(draw, word), maybe(draw, small)]
}

function entries(draw: Draw, key: (draw: Draw) => Cell, value: (draw: Draw) => Cell): Cell[] {
  return [...new Map(draw.list(4, () => [key(draw), value(draw)] as const))].map(([k, v]) => [k, v])
}
