import { readFileSync } from 'node:fs'
import type { Cell } from '../cells.ts'

const KINDS: Readonly<Record<string, readonly Cell[]>> = JSON.parse(
  readFileSync(new URL('fixtures/edges.json', import.meta.url), 'utf8'),
)

/** Values of a kind at which functions are most often wrong, as cells (fixtures/edges.json). */
export function edgesOf(kind: string): readonly Cell[] {
  const edges = KINDS[kind]
  if (!edges) throw new RangeError(`no edges of ${kind}`)
  return edges
}

/** The same, of a kind of texts. */
export function textsOf(kind: string): string[] {
  return edgesOf(kind).map(String)
}
