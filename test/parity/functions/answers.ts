import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { gunzipSync } from 'node:zlib'
import type { Cell } from '../cells.ts'
import { BLOCK, ROWS_IN_FULL } from './arguments.ts'

/** Spark's answers to one call. */
export interface Answer {
  readonly type: string
  /** Those to the first rows. */
  readonly cells: readonly Cell[]
  /** A digest of each block of the rows behind, one after the other. */
  readonly digests: string
  /** Where the last digits may differ: of each double behind `cells` the last 16 bits, in base64. The digests leave them out. */
  readonly last?: string
}

/** What ask.ts has written. */
export interface Answers {
  readonly spark: string
  /** argumentDigest of the arguments that Spark was asked about. */
  readonly arguments: string
  /** Each of Spark's functions with the group it is documented in. */
  readonly functions: Readonly<Record<string, string>>
  readonly answers: Readonly<Record<string, Answer>>
}

export const ANSWERS = new URL('answers.json.gz', import.meta.url)

export async function readFunctionAnswers(): Promise<Answers> {
  return JSON.parse(gunzipSync(await readFile(ANSWERS)).toString())
}

/** Keeps of the answers to one call what the tests need. */
export function condense(type: string, cells: readonly Cell[], tolerance: number): Answer {
  const first = cells.slice(0, ROWS_IN_FULL)
  if (tolerance === 0) return { type, cells: first, digests: blocks(cells).map(digest).join('') }
  const last = Buffer.from(Uint16Array.from(cells.slice(ROWS_IN_FULL), lastBits).buffer).toString('base64')
  return { type, cells: first, digests: blocks(cells.map(withoutDigits)).map(digest).join(''), last }
}

/** The first rows of the blocks behind those in full in which our answers are not Spark's. */
export function wrongBlocks(cells: readonly Cell[], { digests, last }: Answer, tolerance: number): number[] {
  const lasts = last === undefined ? null : new Uint16Array(new Uint8Array(Buffer.from(last, 'base64')).buffer)
  return blocks(lasts ? cells.map(withoutDigits) : cells).flatMap((block, i) => {
    const first = ROWS_IN_FULL + i * BLOCK
    const isNear = (cell: Cell, row: number) => {
      const away = (lastBits(cell) - (lasts?.[i * BLOCK + row] ?? 0)) & 0xffff
      return Math.min(away, 0x10000 - away) <= tolerance
    }
    const isEqual = digest(block) === digests.slice(i * DIGITS, (i + 1) * DIGITS)
    return isEqual && (!lasts || cells.slice(first, first + BLOCK).every(isNear)) ? [] : [first]
  })
}

/** Only what NULL, NaN and the infinities are, and the signs. */
function withoutDigits(cell: Cell): Cell {
  return typeof cell === 'number' ? Math.sign(cell) : cell
}

function lastBits(cell: Cell): number {
  return typeof cell === 'number' ? (new Uint16Array(Float64Array.of(cell).buffer)[0] ?? 0) : 0
}

function blocks(cells: readonly Cell[]): (readonly Cell[])[] {
  const count = Math.ceil((cells.length - ROWS_IN_FULL) / BLOCK)
  return Array.from({ length: count }, (_, i) => {
    const first = ROWS_IN_FULL + i * BLOCK
    return cells.slice(first, first + BLOCK)
  })
}

/** Characters of base64 for a block: of 2³⁰ wrong blocks one would pass. */
const DIGITS = 5

function digest(cells: readonly Cell[]): string {
  return createHash('sha256').update(JSON.stringify(cells)).digest('base64').slice(0, DIGITS)
}
