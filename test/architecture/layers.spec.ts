import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { circular, entryGraphs, importsOf } from './imports.ts'

/** The folders of functions/, lowest first: each imports only from those above it in this list. */
const LAYERS = [
  'base',
  'draw',
  'sql',
  'parquet',
  'lake',
  'protocol',
  'log',
  'engine',
  'readers',
  'report',
  'pipeline',
  'maintain',
  'adapters',
]

/** The only circles of files: parsers of a grammar that is recursive. */
const RECURSIVE: Readonly<Record<string, readonly string[]>> = {
  'functions/sql/parse': [
    'call.ts',
    'expression.ts',
    'forms.ts',
    'from.ts',
    'group.ts',
    'pivot.ts',
    'select.ts',
    'window.ts',
  ],
  'functions/sql/resolve': ['from.ts', 'select.ts', 'subquery.ts'],
  'functions/sql/resolve/static': [
    'from.ts',
    'query.ts',
    'subqueries.ts',
    'subquery-rows.ts',
    'subquery-values.ts',
    'where.ts',
  ],
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

describe('the picture in docs/architecture.md', () => {
  const text = readFileSync('docs/architecture.md', 'utf8')
  const arrows = [...text.matchAll(/^ {2}(\w+) --> (\w+)$/gm)].map(([, from = '', to = '']) => ({ from, to }))
  const layerOf = (path: string) => {
    const [, layer = '', ...file] = path.split('/')
    return file.length > 0 ? layer : 'workers'
  }
  const between = importsOf('functions')
    .map(({ from, to }) => ({ from: layerOf(from), to: layerOf(to) }))
    .filter(({ from, to }) => from !== to)

  it('has every layer', () => {
    for (const layer of LAYERS) assert.match(text, new RegExp(`^ {2}${layer}\\["${layer}/ `, 'm'))
  })

  it('has an arrow only where a layer imports from another', () => {
    for (const arrow of arrows) {
      assert(
        between.some(({ from, to }) => from === arrow.from && to === arrow.to),
        `${arrow.from} --> ${arrow.to}`,
      )
    }
  })

  it('leads from each layer to all that it imports from', () => {
    const reach = (from: string): string[] =>
      arrows.filter(arrow => arrow.from === from).flatMap(({ to }) => [to, ...reach(to)])
    for (const { from, to } of between) assert(reach(from).includes(to), `${from} imports from ${to}`)
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
