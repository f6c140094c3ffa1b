import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { circular, entryGraphs, importsOf } from './imports.ts'

/** The folders of functions/, lowest first: each imports only from those above it in this list. */
const LAYERS = [
  'base',
  'sql',
  'parquet',
  'lake',
  'protocol',
  'log',
  'engine',
  'readers',
  'pipeline',
  'maintain',
  'adapters',
]

/** The only circles of files: parsers of a grammar that is recursive. */
const RECURSIVE: Readonly<Record<string, readonly string[]>> = {
  'functions/sql/parse': ['call.ts', 'expression.ts', 'from.ts', 'select.ts'],
  'functions/sql/resolve': ['from.ts', 'select.ts', 'subquery.ts'],
}

describe('the folders', () => {
  const imports = [...importsOf('functions'), ...importsOf('scripts')]

  it('of functions/ are the layers', () => {
    const folders = readdirSync('functions', { withFileTypes: true }).filter(entry => entry.isDirectory())
    assert.deepEqual(folders.map(({ name }) => name).sort(), LAYERS.toSorted())
  })

  it('of functions/ import only from the layers below, and nothing of scripts/', () => {
    const rank = (path: string) => {
      const [root, layer = '', ...file] = path.split('/')
      if (root !== 'functions') return Number.POSITIVE_INFINITY
      return file.length > 0 ? LAYERS.indexOf(layer) : LAYERS.length // a worker is above all layers
    }
    const upwards = imports.filter(({ from, to }) => from.startsWith('functions/') && rank(to) > rank(from))
    assert.deepEqual(upwards, [])
  })

  it('have entries that import each other in one direction, but for recursive parsers', () => {
    assert(imports.length > 1000)
    for (const [folder, graph] of entryGraphs(imports)) {
      assert.deepEqual(circular(graph), RECURSIVE[folder] ?? [], folder)
    }
  })
})

describe('circular()', () => {
  it('finds the entries of a circle, and not those that only lead to it', () => {
    const imports = [
      { from: 'a/x/1.ts', to: 'a/y/2.ts' },
      { from: 'a/y/3.ts', to: 'a/x/4.ts' },
      { from: 'a/z.ts', to: 'a/x/1.ts' },
    ]
    assert.deepEqual(circular(entryGraphs(imports).get('a') ?? new Map()), ['x', 'y'])
  })
})
