/**
 * Asks Spark for the calls of calls.txt over the generated arguments, and writes its answers to answers.json.gz:
 *
 *     PYSPARK_PYTHON=.venv/bin/python node test/parity/functions/ask.ts      (the environment of test/parity/expect.py)
 *
 * With calls, as in `… ask.ts 'upper(s)'`, it asks for those alone and writes nothing. Either way it shows the rows in which
 * ours differ.
 */
import { execFileSync } from 'node:child_process'
import { createReadStream } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import type { Cell } from '../cells.ts'
import { ANSWERS, type Answer, type Answers, condense } from './answers.ts'
import { argumentColumns, argumentDigest } from './arguments.ts'
import { evaluateCall, isAlike, readCalls, type SparkCall } from './calls.ts'
import { shownRow } from './shown.ts'

const columns = argumentColumns()

/** A line of what spark.py writes. */
type Line =
  | { readonly sql: string; readonly type: string; readonly cells: readonly Cell[] }
  | { readonly sql: string; readonly error: string }

async function main(chosen: readonly string[]): Promise<void> {
  const known = await readCalls()
  const calls =
    chosen.length > 0 ? chosen.map(sql => known.find(call => call.sql === sql) ?? { sql, tolerance: 0 }) : known
  const folder = await mkdtemp(join(tmpdir(), 'spark-functions-'))
  try {
    await writeFile(join(folder, 'arguments.json'), argumentsJson())
    await writeFile(join(folder, 'calls.json'), JSON.stringify(calls.map(({ sql }) => sql)))
    const script = fileURLToPath(new URL('spark.py', import.meta.url))
    execFileSync(process.env.PYSPARK_PYTHON ?? 'python3', [script, folder], { stdio: 'inherit' })
    const answers = await readAnswers(folder, calls)
    if (chosen.length === 0) await write(folder, answers)
  } finally {
    await rm(folder, { recursive: true })
  }
}

function argumentsJson(): string {
  return JSON.stringify(columns.map(({ name, typeText, cells }) => ({ name, type: typeText, cells })))
}

/** Shows what differs on the way. */
async function readAnswers(folder: string, calls: readonly SparkCall[]): Promise<Record<string, Answer>> {
  const tolerances = new Map(calls.map(({ sql, tolerance }) => [sql, tolerance]))
  const answers: Record<string, Answer> = {}
  for await (const text of createInterface({ input: createReadStream(join(folder, 'answers.jsonl')) })) {
    const line: Line = JSON.parse(text)
    if ('error' in line) {
      console.log(`${line.sql}\n    Spark stops: ${line.error}`)
      continue
    }
    const tolerance = tolerances.get(line.sql) ?? 0
    answers[line.sql] = condense(line.type, line.cells, tolerance)
    await compare(line.sql, line.type, line.cells, tolerance)
  }
  return answers
}

async function compare(sql: string, type: string, wanted: readonly Cell[], tolerance: number): Promise<void> {
  try {
    const { expr, cells, type: ours } = await evaluateCall(sql, columns)
    if (ours !== type) console.log(`${sql}\n    has the type ${ours}, and Spark's is ${type}`)
    const wrong = cells.flatMap((cell, row) => (isAlike(cell, wanted[row] ?? null, tolerance) ? [] : [row]))
    if (wrong.length === 0) return
    console.log(`${sql}\n    ${wrong.length} rows differ`)
    for (const row of wrong.slice(0, 10)) {
      console.log(
        `    ${shownRow(columns, expr, row)}: ${JSON.stringify(cells[row])}, and Spark has ${JSON.stringify(wanted[row])}`,
      )
    }
  } catch (error) {
    console.log(`${sql}\n    ${error instanceof Error ? error.message : String(error)}`)
  }
}

async function write(folder: string, answers: Record<string, Answer>): Promise<void> {
  const told = JSON.parse(await readFile(join(folder, 'spark.json'), 'utf8'))
  const all: Answers = { spark: told.spark, arguments: argumentDigest(columns), functions: told.functions, answers }
  await writeFile(ANSWERS, gzipSync(JSON.stringify(all), { level: 9 }))
  console.log(`Spark ${all.spark} answered ${Object.keys(answers).length} calls over ${columns[0]?.cells.length} rows`)
}

await main(process.argv.slice(2))
