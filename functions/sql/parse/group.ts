import type { Cursor } from './cursor.ts'
import { parseExpression } from './expression.ts'
import type { Grouping, Syntax } from './syntax.ts'
import { valuesOfRow } from './walk.ts'

/** Groupings, each the expressions that it groups by. */
type Sets = readonly (readonly Syntax[])[]

/** The most groupings of one GROUP BY: as many as CUBE makes of twelve columns. */
const MAX_SETS = 4096

/** `GROUP BY`, whose items are expressions, ROLLUP, CUBE and GROUPING SETS; null if it does not come next. */
export function parseGrouping(cursor: Cursor): Grouping | null {
  const { at } = cursor.peek()
  if (!cursor.take('GROUP', 'BY')) return null
  const span = { at, end: cursor.end }
  let analytic = false
  const parts = cursor.list((): Sets => {
    const sets = parseAnalytic(cursor)
    if (sets) analytic = true
    return sets ?? [[parseExpression(cursor)]]
  })
  const items = [...new Set(parts.flat(2))]
  if (analytic) return { items, sets: product(cursor, parts, at), ...span }
  const single = items.map(item => [item])
  if (cursor.take('WITH', 'ROLLUP')) return { items, sets: rollup(single), ...span }
  if (cursor.take('WITH', 'CUBE')) return { items, sets: cube(cursor, single, at), ...span }
  return { items, sets: parseAnalytic(cursor), ...span }
}

/** `ROLLUP (…)`, `CUBE (…)` or `GROUPING SETS (…)`; null if none comes next. */
function parseAnalytic(cursor: Cursor): Sets | null {
  const { at } = cursor.peek()
  const parseSets = (word: string) => parseList(cursor, word, () => parseSet(cursor))
  if (cursor.at('ROLLUP', '(')) return rollup(parseSets('ROLLUP'))
  if (cursor.at('CUBE', '(')) return cube(cursor, parseSets('CUBE'), at)
  if (!cursor.at('GROUPING', 'SETS', '(')) return null
  cursor.next()
  return cursor
    .nested(() => parseList(cursor, 'GROUPING SETS', () => parseAnalytic(cursor) ?? [parseSet(cursor)]))
    .flat()
}

function parseList<T>(cursor: Cursor, word: string, parse: () => T): T[] {
  cursor.next()
  const open = cursor.next().at
  const list = cursor.list(parse)
  cursor.close(open, `to close ${word}`, 'in a list')
  return list
}

/** `a`, `(a, b)` or `()`. */
function parseSet(cursor: Cursor): readonly Syntax[] {
  if (cursor.take('(', ')')) return []
  return valuesOfRow(parseExpression(cursor))
}

function rollup(sets: Sets): Sets {
  return Array.from({ length: sets.length + 1 }, (_, i) => sets.slice(0, sets.length - i).flat())
}

/** All subsets, in Spark's order: those with the first before those without it. */
function cube(cursor: Cursor, sets: Sets, at: number): Sets {
  const parts = sets.map(set => [set, []])
  return product(cursor, parts, at)
}

/** Each choice of one grouping of each part. */
function product(cursor: Cursor, parts: readonly Sets[], at: number): Sets {
  return parts.reduce<Sets>(
    (made, part) => {
      if (made.length * part.length > MAX_SETS) cursor.fail(`GROUP BY makes more than ${MAX_SETS} groupings`, at)
      return made.flatMap(first => part.map(second => [...first, ...second]))
    },
    [[]],
  )
}
