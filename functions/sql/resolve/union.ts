import { type Generator, generatedView } from '../compiled.ts'
import type { Expr } from '../expr.ts'
import { encodeLiteral } from '../literal.ts'
import type { Query } from '../parse/syntax.ts'
import { printType } from '../type-text.ts'
import { concrete, wider } from '../typing/common-type.ts'
import { fail } from '../typing/context.ts'
import { makeCall } from '../typing/make-call.ts'
import { castAll } from '../typing/operators.ts'
import { type Condition, conjunction } from './conditions.ts'
import type { Environment } from './environment.ts'
import type { SelectedColumn } from './select-list.ts'
import type { Source } from './source.ts'

type Resolved = Source & { readonly selected: readonly SelectedColumn[] }

/** The queries that UNION ALL combines; null where something else does too, or nothing. */
export function unionBranches(query: Query): Query[] | null {
  if (query.sets.length === 0 || query.sets.some(({ kind, all }) => kind !== 'union' || !all)) return null
  const first: Query = { ...query, with: [], sets: [], order: [], limit: null, offset: null }
  return [
    first,
    ...query.sets.flatMap(({ query: branch }) => (isPlain(branch) ? unionBranches(branch) : null) ?? branch),
  ]
}

/** Whether a query in parentheses is nothing but a UNION. */
function isPlain(query: Query): boolean {
  return query.with.length === 0 && query.order.length === 0 && !query.limit && !query.offset
}

/**
 * UNION ALL of queries over the reviews, as one query: a generator makes a row of a review for each branch whose filters it
 * passes, and every expression is that of the row's branch. `sources` are what the branches give. Throws InvalidQuery.
 */
export function resolveUnion(
  query: Query,
  branches: readonly Query[],
  sources: readonly Resolved[],
  environment: Environment,
): Resolved {
  const [first] = sources
  if (!first) throw new RangeError('a UNION has queries')
  for (const [i, source] of sources.entries()) {
    const reason = refusal(first, source)
    if (reason) fail(environment, reason, branches[i]?.at ?? query.at)
  }
  const branch: Expr = { op: 'column', view: generatedView(environment.newId()), name: 'branch', type: 'int' }
  const generator: Generator = {
    kind: 'branches',
    name: branch.view,
    columns: [{ name: branch.name, type: branch.type }],
    filters: [],
    text: `UNION ALL of ${sources.length} queries`,
    conditions: sources.map(({ filters }) => conjunction(filters)?.expr ?? null),
  }
  const ofBranch = (exprs: readonly Expr[]) => choose(branch, exprs)
  const selected = first.selected.map(({ name, at }, i): SelectedColumn => {
    const operands = sources.flatMap(source => source.selected[i]?.operand ?? [])
    const type = wider(operands.map(operand => operand.type))
    const exprs = type && castAll(operands, concrete(type))
    if (!type || !exprs) {
      const types = [...new Set(operands.map(operand => printType(operand.type)))].join(' and ')
      return fail(
        environment,
        `column ${i + 1} of the UNION, ${name}, has no common type of ${types}; cast it`,
        query.sets[0]?.at ?? at,
      )
    }
    return { name, at, operand: type === 'void' ? (operands[0] ?? ofBranch(exprs)) : ofBranch(exprs) }
  })
  return {
    ...first,
    columns: selected,
    relations: [],
    selected,
    filters: commonFilter(sources),
    generators: [generator],
    where: sources.some(({ where }) => where.length > 0)
      ? [{ expr: ofBranch(sources.map(({ where }) => conjunction(where)?.expr ?? TRUE)), text: whereText(sources) }]
      : [],
  }
}

const TRUE = encodeLiteral(true, 'boolean')

/** The expression of the row's branch. One that is the same everywhere stays what it is, so that its bytes can be carried. */
function choose(branch: Expr, exprs: readonly Expr[]): Expr {
  const [first] = exprs
  const last = exprs.at(-1)
  if (!first || !last) throw new RangeError('a UNION has queries')
  const text = JSON.stringify(first)
  if (exprs.every(expr => JSON.stringify(expr) === text)) return first
  const cases = exprs
    .slice(0, -1)
    .flatMap((expr, i) => [makeCall('=', [branch, encodeLiteral(i, 'int')], 'boolean'), expr])
  return makeCall('case', [...cases, last], first.type)
}

/** A review that passes no branch's filters is filtered before anything is made of it. */
function commonFilter(sources: readonly Source[]): Condition[] {
  const each = sources.map(({ filters }) => conjunction(filters))
  const conditions = each.flatMap(condition => condition ?? [])
  if (conditions.length < sources.length) return []
  const exprs = conditions.map(({ expr }) => expr)
  return [{ expr: makeCall('or', exprs, 'boolean'), text: conditions.map(({ text }) => `(${text})`).join(' OR ') }]
}

function whereText(sources: readonly Source[]): string {
  return sources.map(({ where }) => `(${conjunction(where)?.text ?? 'true'})`).join(' or, by the query of the UNION, ')
}

/** Why a query can't be in a UNION with the first; null if it can. */
function refusal(first: Resolved, { kind, selected, generators, joins, dimensions }: Resolved): string | null {
  if (kind === 'static')
    return 'UNION ALL with a static table would append its rows again with every batch; each of its queries must read the reviews'
  if (selected.length !== first.selected.length)
    return `this query of the UNION has ${selected.length} columns, and the first has ${first.selected.length}`
  if (generators.length > 0)
    return 'this query of the UNION makes several rows of a review; make them after the UNION, in a query around it'
  if (JSON.stringify([joins, dimensions]) !== JSON.stringify([first.joins, first.dimensions]))
    return 'the queries of the UNION are joined in different ways; write the join once, around the UNION'
  return null
}
