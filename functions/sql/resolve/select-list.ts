import type { Name, Query, SelectItem, Syntax } from '../parse/syntax.ts'
import { fieldsOf } from '../typing/access.ts'
import { type Context, fail } from '../typing/context.ts'
import type { Operand } from '../typing/operand.ts'
import { typeExpression } from '../typing/typer.ts'
import type { Environment } from './environment.ts'
import { nameOf } from './name-of.ts'
import {
  relationNamed,
  resolveName,
  type Scope,
  type ScopeColumn,
  sameName,
  unknownName,
  unknownQualifier,
} from './scope.ts'

/** A column of the select list with the place of its item in the text. */
export interface SelectedColumn extends ScopeColumn {
  readonly at: number
}

/** What names mean in a scope. `hint` is added to the message about an unknown one. */
export function namesOf(scope: Scope, { sql, now }: Environment, hint: (name: string) => string = () => ''): Context {
  return {
    sql,
    now,
    resolve: parts => resolveName(scope, parts, sql),
    unknown: parts => unknownName(scope, parts, sql, parts.length === 1 ? hint(parts[0]?.text ?? '') : ''),
  }
}

/** A name of the select list does not exist yet where WHERE is tested. */
export function aliasHint(query: Query): (name: string) => string {
  return name => {
    const item = query.select.find(item => item.kind === 'expression' && item.alias && sameName(item.alias.text, name))
    return item ? "; it is a name of the select list, which WHERE can't use yet: repeat its expression" : ''
  }
}

/** Names of the select list go where no column has the name. */
export function aliased(context: Context, columns: readonly ScopeColumn[]): Context {
  const named = (parts: readonly Name[]) => resolveName({ columns, relations: [] }, parts, context.sql)
  return { ...context, resolve: parts => context.resolve(parts) ?? (parts.length === 1 ? named(parts) : null) }
}

/** The columns of a select list, of which `plain` types the expressions; `made` are those of items that make rows. */
export function selectColumns(
  items: readonly SelectItem[],
  source: Scope,
  environment: Environment,
  plain: Context = namesOf(source, environment),
  made: ReadonlyMap<SelectItem, readonly ScopeColumn[]> = new Map(),
): SelectedColumn[] {
  const selected: SelectedColumn[] = []
  const named: ScopeColumn[] = []
  // A name of the list itself can be used in later items, where no column has that name.
  const context: Context = {
    ...plain,
    resolve: parts => plain.resolve(parts) ?? resolveName({ columns: named, relations: [] }, parts, environment.sql),
  }
  for (const item of items) {
    const generated = made.get(item)
    if (generated) {
      selected.push(...generated.map(column => ({ ...column, at: item.at })))
    } else if (item.kind === 'star') {
      selected.push(...expandStar(item, source, environment).map(column => ({ ...column, at: item.at })))
    } else {
      const [, twice] = item.aliases ?? []
      if (twice)
        fail(environment, 'several names after AS are for a function that makes rows, such as EXPLODE', twice.at)
      const typed = new Map<Syntax, Operand>()
      const note = (syntax: Syntax, operand: Operand) => typed.set(syntax, operand)
      const operand = typeExpression(item.value, item.alias ? context : { ...context, note })
      const name = (item.alias ?? item.aliases?.[0])?.text ?? nameOf(item.value, environment.sql, typed)
      const column = { name, operand, at: item.at }
      selected.push(column)
      if (item.alias) named.push(column)
    }
  }
  return selected
}

function expandStar(
  { qualifier }: Extract<SelectItem, { kind: 'star' }>,
  source: Scope,
  environment: Environment,
): readonly ScopeColumn[] {
  const [first] = qualifier
  if (!first) return source.columns
  const relation = relationNamed(source, first, environment.sql)
  if (relation && qualifier.length === 1) return relation.columns
  const struct = resolveName(source, qualifier, environment.sql)
  return struct ? fieldsOf(struct, environment, first.at) : unknownQualifier(source, first, environment.sql)
}
