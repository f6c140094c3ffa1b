import { readdir, readFile } from 'node:fs/promises'
import type { Cell } from './cells.ts'

/** One of the queries in queries/*.sql: the same as in Spark, over static tables alone (`static`), refused as by Spark, or refused here on purpose. */
export interface ParityQuery {
  readonly kind: 'same' | 'static' | 'refused' | 'refused here'
  readonly name: string
  readonly sql: string
}

/** What Spark answered (see expect.py). Columns are name, type and nullable. */
export type Answer =
  | { readonly schema: readonly (readonly [string, string, boolean])[]; readonly rows: readonly (readonly Cell[])[] }
  | { readonly refused: boolean; readonly error?: string }

export async function readQueries(): Promise<ParityQuery[]> {
  const folder = new URL('queries/', import.meta.url)
  const files = (await readdir(folder)).filter(name => name.endsWith('.sql')).sort()
  const texts = await Promise.all(
    files.map(async name => [name.replace('.sql', ''), await readFile(new URL(name, folder), 'utf8')] as const),
  )
  return texts.flatMap(([file, text]) =>
    text.split(/^(?=-- (?:same|static|refused|refused here): )/m).flatMap(block => {
      const [head, kind, name] = /^-- (same|static|refused|refused here): (.*)\n/.exec(block) ?? []
      if (head === undefined) return []
      return [{ kind: kind as ParityQuery['kind'], name: `${file}: ${name}`, sql: block.slice(head.length).trim() }] // by the pattern
    }),
  )
}

/** Spark's version and its answers by the queries' names. */
export async function readAnswers(file = 'expected.json'): Promise<{ spark: string; queries: Record<string, Answer> }> {
  return JSON.parse(await readFile(new URL(`fixtures/${file}`, import.meta.url), 'utf8'))
}
