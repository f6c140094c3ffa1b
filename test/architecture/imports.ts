import { globSync, readFileSync } from 'node:fs'
import { dirname, normalize } from 'node:path/posix'

/** One file's import of another, both as paths from the repository's root. */
export interface Import {
  readonly from: string
  readonly to: string
}

const IMPORT = /\b(?:from|import)\s*\(?\s*'(\.[^']+)'/g

/** The imports among the TypeScript files of a folder, types and dynamic ones included. */
export function importsOf(folder: string): Import[] {
  return globSync(`${folder}/**/*.{ts,mjs}`).flatMap(from =>
    [...readFileSync(from, 'utf8').matchAll(IMPORT)].map(([, path = '']) => ({
      from,
      to: normalize(`${dirname(from)}/${path}`),
    })),
  )
}

/**
 * The import graph of one folder's entries, its files and subfolders: an arrow from an entry to another where a file in
 * the one imports a file in the other.
 */
export type Entries = ReadonlyMap<string, ReadonlySet<string>>

/** The graph of the entries of each folder, by the folder's path. */
export function entryGraphs(imports: readonly Import[]): Map<string, Entries> {
  const graphs = new Map<string, Map<string, Set<string>>>()
  for (const { from, to } of imports) {
    const [a, b] = [from.split('/'), to.split('/')]
    const shared = a.findIndex((segment, i) => segment !== b[i])
    const [entry, target] = [a[shared], b[shared]]
    if (entry === undefined || target === undefined) continue
    const folder = a.slice(0, shared).join('/')
    const graph = graphs.get(folder) ?? new Map<string, Set<string>>()
    graphs.set(folder, graph.set(entry, (graph.get(entry) ?? new Set()).add(target)))
  }
  return graphs
}

/** The entries that can reach themselves, sorted. */
export function circular(graph: Entries): string[] {
  const reaches = (from: string): Set<string> => {
    const seen = new Set<string>()
    const walk = (entry: string): void => {
      for (const next of graph.get(entry) ?? []) {
        if (seen.has(next)) continue
        seen.add(next)
        walk(next)
      }
    }
    walk(from)
    return seen
  }
  return [...graph.keys()].filter(entry => reaches(entry).has(entry)).sort()
}
