import { suggestion } from '../../base/suggest.ts'
import type { Expr } from '../expr.ts'
import type { Name } from '../parse/syntax.ts'
import { fieldOf } from '../typing/access.ts'
import { type Context, fail } from '../typing/context.ts'
import type { Operand } from '../typing/operand.ts'

/** The name of a column, and what it stands for. */
export interface ScopeColumn {
  readonly name: string
  readonly operand: Operand
}

/** A relation of FROM under the name it goes by. */
export interface Relation {
  readonly qualifier: string | null
  /** The view's own name, where `qualifier` is an alias of it. */
  readonly view?: string
  readonly columns: readonly ScopeColumn[]
  /** Whether `_metadata` describes the file of its rows: only the reviews view itself has it. */
  readonly metadata: boolean
}

/** What names mean in one SELECT. `columns` are those of `*`, in its order, and the ones that need no qualifier. */
export interface Scope {
  readonly columns: readonly ScopeColumn[]
  readonly relations: readonly Relation[]
}

/** The names of both sides of a join. */
export function bothScopes(a: Scope, b: Scope): Scope {
  return { columns: [...a.columns, ...b.columns], relations: [...a.relations, ...b.relations] }
}

/** A query under another name: only its columns can be named from outside. Throws InvalidQuery for a wrong count of names. */
export function renamed<S extends Scope>(
  source: S,
  { alias, columns: names = [] }: { readonly alias: Name | null; readonly columns?: readonly Name[] },
  context: Pick<Context, 'sql'>,
): S {
  const [first] = names
  if (first && names.length !== source.columns.length)
    fail(context, `${names.length} names are given for ${source.columns.length} columns`, first.at)
  const columns = source.columns.map((column, i) => ({ ...column, name: names[i]?.text ?? column.name }))
  return { ...source, columns, relations: [{ qualifier: alias?.text ?? null, columns, metadata: false }] }
}

const METADATA: readonly Extract<Expr, { op: 'column' }>[] = [
  { op: 'column', view: 'file', name: 'file_path', type: 'string' },
  { op: 'column', view: 'file', name: 'file_name', type: 'string' },
  { op: 'column', view: 'file', name: 'file_size', type: 'bigint' },
  { op: 'column', view: 'file', name: 'file_modification_time', type: 'timestamp' },
]

export function sameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase()
}

/** The relations that go by a name: more than one where both sides of a join have the same alias. */
function relationsNamed(scope: Scope, name: string): readonly Relation[] {
  return scope.relations.filter(({ qualifier }) => qualifier !== null && sameName(qualifier, name))
}

/**
 * The relation that goes by a name; of several the one that has the column. Throws InvalidQuery where it could be either.
 */
export function relationNamed(scope: Scope, name: Name, sql: string, column?: string): Relation | undefined {
  const named = relationsNamed(scope, name.text)
  const has = (relation: Relation) => relation.columns.some(each => column !== undefined && sameName(each.name, column))
  const having = named.length > 1 && column !== undefined ? named.filter(has) : named
  if (having.length > 1) {
    fail({ sql }, `both sides of the join go by the name ${name.text}; give one of them another alias`, name.at)
  }
  return having[0] ?? named[0]
}

/** What a name stands for, fields of a struct included; null if nothing. Throws InvalidQuery if it is ambiguous. */
export function resolveName(scope: Scope, parts: readonly Name[], sql: string): Operand | null {
  const [first, second, third] = parts
  const fields = (column: Operand, names: readonly Name[]) =>
    names.reduce((operand, name) => fieldOf(operand, name, { sql }), column)
  if (!first) return null
  const relation = second && relationNamed(scope, first, sql, second.text)
  if (relation) {
    const column = single(relation.columns, second, sql, relation)
    if (column) return fields(column, parts.slice(2))
    return relation.metadata && sameName(second.text, '_metadata') ? metadata(third ?? null, second, sql) : null
  }
  const column = single(scope.columns, first, sql)
  if (column) return fields(column, parts.slice(1))
  const hasMetadata = scope.relations.some(({ metadata }) => metadata)
  return hasMetadata && sameName(first.text, '_metadata') ? metadata(second ?? null, first, sql) : null
}

function single(columns: readonly ScopeColumn[], name: Name, sql: string, relation?: Relation): Operand | null {
  const [column, other] = columns.filter(column => sameName(column.name, name.text))
  if (column && other) {
    const where = relation ? `twice in ${relation.qualifier}` : 'in both views'
    fail(
      { sql },
      `the column ${name.text} is ${where}; say which one${relation ? '' : ', with the alias before it'}`,
      name.at,
    )
  }
  return column?.operand ?? null
}

function metadata(name: Name | null, at: Name, sql: string): Operand {
  const names = METADATA.map(column => column.name)
  if (!name) return fail({ sql }, `_metadata as a whole is not supported; take ${names.join(', ')}`, at.at)
  const column = METADATA.find(column => sameName(column.name, name.text))
  if (column) return column
  return fail(
    { sql },
    `_metadata has no ${name.text}${suggestion(name.text, names) || `; it has ${names.join(', ')}`}`,
    name.at,
  )
}

/** Throws InvalidQuery for a name that means nothing, with the nearest one that does. */
export function unknownName(scope: Scope, parts: readonly Name[], sql: string, hint = ''): never {
  const [first, second] = parts
  if (!first) throw new RangeError('a name has at least one part')
  const relation = second && relationNamed(scope, first, sql, second.text)
  if (relation) {
    const near = nearest(second.text, relation.columns, `${first.text}.`)
    return fail({ sql }, `unknown column ${first.text}.${second.text}${near || list(relation.columns)}`, second.at)
  }
  if (second) unknownQualifier(scope, first, sql)
  const near = hint || nearest(first.text, scope.columns)
  return fail({ sql }, `unknown column ${first.text}${near || list(scope.columns)}`, first.at)
}

/** Throws InvalidQuery for an alias or view that FROM does not have. */
export function unknownQualifier({ relations }: Scope, { text, at }: Name, sql: string): never {
  const names = relations.flatMap(({ qualifier }) => qualifier ?? [])
  const aliased = relations.find(({ view }) => view && sameName(view, text))
  if (aliased) return fail({ sql }, `the view ${text} goes by its alias ${aliased.qualifier} here`, at)
  const known = names.length > 1 ? `there are ${names.join(' and ')}` : `there is ${names[0] ?? 'none here'}`
  return fail({ sql }, `unknown view or alias ${text}${suggestion(text, names) || `; ${known}`}`, at)
}

function nearest(name: string, columns: readonly ScopeColumn[], prefix = ''): string {
  const names = columns.map(column => `${prefix}${column.name}`)
  return suggestion(prefix + name, names)
}

function list(columns: readonly ScopeColumn[]): string {
  const names = columns.map(column => column.name)
  const shown = names.slice(0, 20).join(', ')
  return `; there are ${shown}${names.length > 20 ? ` and ${names.length - 20} more` : ''}`
}
