import { readFile } from 'node:fs/promises'
import { gunzipSync } from 'node:zlib'
import { parseType } from '../../../functions/sql/type-text.ts'
import type { SqlType, Value } from '../../../functions/sql/types.ts'
import { type Cell, decodeCell } from '../cells.ts'

interface Cells {
  readonly type: string
  readonly cells: readonly Cell[]
}

/** What spark.py has written: the arguments by column, and Spark's answers by call, row by row. */
interface Answers {
  readonly spark: string
  readonly arguments: Readonly<Record<string, Cells>>
  /** Each of Spark's functions with the group it is documented in. */
  readonly functions: Readonly<Record<string, string>>
  readonly answers: Readonly<Record<string, Cells>>
}

export async function readFunctionAnswers(): Promise<Answers> {
  const bytes = await readFile(new URL('answers.json.gz', import.meta.url))
  return JSON.parse(gunzipSync(bytes).toString())
}

/** A column of arguments as the evaluator takes them. */
export function argumentColumn({ type, cells }: Cells): { readonly type: SqlType; readonly values: Value[] } {
  const parsed = parseType(type)
  return { type: parsed, values: cells.map(cell => decodeCell(cell, parsed)) }
}

/** A call of calls.txt. */
export interface SparkCall {
  readonly sql: string
  /** How many units in the last place a double may be away from Spark's. */
  readonly tolerance: number
}

export async function readCalls(): Promise<SparkCall[]> {
  const text = await readFile(new URL('calls.txt', import.meta.url), 'utf8')
  return text
    .split('\n')
    .filter(line => line !== '' && !line.startsWith('#'))
    .map(line => {
      const near = /^~\w+\(/.test(line)
      return { sql: near ? line.slice(1) : line, tolerance: near ? 2 : 0 }
    })
}
