import { decodeUtf8 } from '../base/utf8.ts'
import { printType } from './type-text.ts'
import { isList, type SqlType, type Value } from './types.ts'

/** The values of one type as bytes: NULLs, elements, keys and fields included. */
export interface ValueCodec {
  /** The bytes of a value, from which decode makes the same value. Throws TypeError for a value of another type. */
  encode(value: Value): Uint8Array<ArrayBuffer>
  /**
   * As encode, but with the same bytes for all values that Spark takes for equal, and for no others: -0.0 counts as 0.0. In both,
   * all NaNs are one.
   */
  key(value: Value): Uint8Array<ArrayBuffer>
  /** Throws RangeError for bytes that encode does not make. */
  decode(bytes: Uint8Array): Value
}

/**
 * The codec of a type. A value is a byte, 0 for NULL, and if it is not NULL, its content: numbers little-endian in their
 * width (tinyint to date 4 bytes, decimals 16), a string, binary, array or map after its length in 4 bytes, the keys and
 * values of a map in turn, the fields of a struct in order.
 */
export function valueCodec(type: SqlType): ValueCodec {
  const { write, read } = partOf(type)
  const encode = (value: Value, isKey: boolean): Uint8Array<ArrayBuffer> => {
    const output = new Output(isKey)
    writeValue(output, value, write)
    return output.bytes()
  }
  return {
    encode: value => encode(value, false),
    key: value => encode(value, true),
    decode: bytes => {
      const input = new Input(bytes)
      const value = readValue(input, read)
      if (input.left > 0) throw new RangeError(`${input.left} bytes after a value of ${printType(type)}`)
      return value
    },
  }
}

interface Part {
  readonly write: (output: Output, value: NonNullable<Value>) => void
  readonly read: (input: Input) => Value
}

function writeValue(output: Output, value: Value, write: Part['write']): void {
  output.byte(value === null ? 0 : 1)
  if (value !== null) write(output, value)
}

function readValue(input: Input, read: Part['read']): Value {
  const mark = input.byte()
  if (mark > 1) throw new RangeError(`a value begins with ${mark}, not with 0 or 1`)
  return mark === 0 ? null : read(input)
}

function partOf(type: SqlType): Part {
  const wrong = (): never => {
    throw new TypeError(`a value is not of type ${printType(type)}`)
  }
  if (typeof type === 'string') return primitiveParts(wrong)[type]
  switch (type.kind) {
    case 'decimal':
      return {
        write: (output, value) => output.wide(typeof value === 'bigint' ? value : wrong()),
        read: input => input.wide(),
      }
    case 'array': {
      const { write, read } = partOf(type.element)
      return {
        write: (output, value) => {
          if (!isList(value)) return wrong()
          output.int(value.length)
          for (const element of value) writeValue(output, element, write)
        },
        read: input => Array.from({ length: input.count() }, () => readValue(input, read)),
      }
    }
    case 'map': {
      const key = partOf(type.key)
      const value = partOf(type.value)
      return {
        write: (output, pairs) => {
          if (!isList(pairs)) return wrong()
          output.int(pairs.length)
          for (const pair of pairs) {
            if (!isList(pair)) return wrong()
            writeValue(output, pair[0] ?? null, key.write)
            writeValue(output, pair[1] ?? null, value.write)
          }
        },
        read: input =>
          Array.from({ length: input.count() }, () => [readValue(input, key.read), readValue(input, value.read)]),
      }
    }
    case 'struct': {
      const parts = type.fields.map(field => partOf(field.type))
      return {
        write: (output, value) => {
          if (!isList(value) || value.length !== parts.length) return wrong()
          for (const [i, { write }] of parts.entries()) writeValue(output, value[i] ?? null, write)
        },
        read: input => parts.map(({ read }) => readValue(input, read)),
      }
    }
  }
}

function primitiveParts(wrong: () => never): Readonly<Record<Extract<SqlType, string>, Part>> {
  const number = (value: Value): number => (typeof value === 'number' ? value : wrong())
  const int: Part = { write: (output, value) => output.int(number(value)), read: input => input.int() }
  const long: Part = {
    write: (output, value) => output.long(typeof value === 'bigint' ? value : wrong()),
    read: input => input.long(),
  }
  return {
    boolean: {
      write: (output, value) => output.byte(typeof value === 'boolean' ? Number(value) : wrong()),
      read: input => input.byte() === 1,
    },
    tinyint: int,
    smallint: int,
    int,
    date: int,
    bigint: long,
    timestamp: long,
    float: { write: (output, value) => output.float(number(value)), read: input => input.float() },
    double: { write: (output, value) => output.double(number(value)), read: input => input.double() },
    string: {
      write: (output, value) => output.text(typeof value === 'string' ? value : wrong()),
      read: input => decodeUtf8(input.sized()),
    },
    binary: {
      write: (output, value) => output.sized(value instanceof Uint8Array ? value : wrong()),
      read: input => input.sized().slice(),
    },
  }
}

const ENCODER = new TextEncoder()

class Output {
  readonly #isKey: boolean
  #bytes = new Uint8Array(64)
  #view = new DataView(this.#bytes.buffer)
  #end = 0

  constructor(isKey: boolean) {
    this.#isKey = isKey
  }

  bytes(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.#end)
  }

  byte(value: number): void {
    const at = this.#room(1)
    this.#bytes[at] = value
  }

  int(value: number): void {
    const at = this.#room(4)
    this.#view.setInt32(at, value, true)
  }

  long(value: bigint): void {
    const at = this.#room(8)
    this.#view.setBigInt64(at, value, true)
  }

  wide(value: bigint): void {
    this.long(value)
    this.long(value >> 64n)
  }

  float(value: number): void {
    const at = this.#room(4)
    this.#view.setFloat32(at, this.#number(value), true)
  }

  double(value: number): void {
    const at = this.#room(8)
    this.#view.setFloat64(at, this.#number(value), true)
  }

  text(value: string): void {
    this.sized(ENCODER.encode(value))
  }

  sized(value: Uint8Array): void {
    this.int(value.length)
    const at = this.#room(value.length)
    this.#bytes.set(value, at)
  }

  /** With one NaN; of a key with one zero, to which 0 is added so that it is not -0. */
  #number(value: number): number {
    if (Number.isNaN(value)) return Number.NaN
    return this.#isKey ? value + 0 : value
  }

  #room(bytes: number): number {
    const at = this.#end
    this.#end += bytes
    if (this.#end > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(this.#end, this.#bytes.length * 2))
      larger.set(this.#bytes)
      this.#bytes = larger
      this.#view = new DataView(larger.buffer)
    }
    return at
  }
}

/** Reads what Output wrote; a DataView throws the RangeError where bytes are missing. */
class Input {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  get left(): number {
    return this.#bytes.length - this.#at
  }

  byte(): number {
    return this.#view.getUint8(this.#next(1))
  }

  int(): number {
    return this.#view.getInt32(this.#next(4), true)
  }

  long(): bigint {
    return this.#view.getBigInt64(this.#next(8), true)
  }

  wide(): bigint {
    const low = BigInt.asUintN(64, this.long())
    return (this.long() << 64n) | low
  }

  float(): number {
    return this.#view.getFloat32(this.#next(4), true)
  }

  double(): number {
    return this.#view.getFloat64(this.#next(8), true)
  }

  /** A number of values or bytes, each of which takes a byte at least. */
  count(): number {
    const count = this.int()
    if (count < 0 || count > this.left) throw new RangeError(`${count} values in ${this.left} bytes`)
    return count
  }

  sized(): Uint8Array {
    const length = this.count()
    const start = this.#next(length)
    return this.#bytes.subarray(start, start + length)
  }

  #next(bytes: number): number {
    const at = this.#at
    this.#at += bytes
    return at
  }
}
