import { type CompiledQuery, generatedView, isBeforeJoins } from '../compiled.ts'
import { columnsUsed } from '../evaluate.ts'
import type { CallSyntax, FromItem, Name, Query, SelectItem } from '../parse/syntax.ts'
import { type Context, fail } from '../typing/context.ts'
import { generatorCall, type TypedGenerator, typeGenerator } from '../typing/generators.ts'
import { sourceText, typeExpression } from '../typing/typer.ts'
import type { Environment } from './environment.ts'
import type { ScopeColumn } from './scope.ts'
import type { Source } from './source.ts'

/** A source with one more generator, and the columns of that. */
interface Generated {
  readonly source: Source
  readonly columns: readonly ScopeColumn[]
}

/** Makes rows of a source's rows. The generator runs before the joins, so it must not read what they look up. */
function generate(
  call: CallSyntax,
  names: readonly Name[],
  outer: boolean,
  source: Source,
  context: Context,
  { sql, newId }: Environment,
): Generated {
  const word = call.name.text.toUpperCase()
  const args = call.args.map(arg => typeExpression(arg, context))
  const typed = typeGenerator(call, args, context)
  const foreign = columnsUsed(typed.rows).find(({ view }) => !isBeforeJoins(view))
  if (foreign)
    fail(
      { sql },
      `${word} reads ${foreign.name} of ${foreign.view}: rows are made of a review, before it is joined; join (SELECT …, ${word}(${foreign.name}) FROM …) in place of ${foreign.view}, or make them where silver is read`,
      call.at,
    )
  const view = generatedView(newId())
  const named = generatedNames(call, names, typed, sql)
  const columns = typed.columns.map(({ name, type }, i): ScopeColumn => {
    return { name: named[i] ?? name, operand: { op: 'column', view, name, type } }
  })
  const generator = {
    kind: 'list',
    name: view,
    columns: typed.columns,
    filters: [],
    text: sourceText(call, sql),
    rows: typed.rows,
    outer: outer || typed.outer,
  } as const
  return { source: { ...source, generators: [...source.generators, generator] }, columns }
}

/** The names of the columns of a generator: its own, or those that are given. */
export function generatedNames(
  { name }: CallSyntax,
  given: readonly Name[],
  { columns }: Pick<TypedGenerator, 'columns'>,
  sql: string,
): string[] {
  const [first] = given
  if (first && given.length !== columns.length)
    fail(
      { sql },
      `${name.text.toUpperCase()} gives ${countOf(columns.length)}, and ${countOf(given.length)} named`,
      first.at,
    )
  return columns.map((column, i) => given[i]?.text ?? column.name)
}

function countOf(columns: number): string {
  return columns === 1 ? '1 column' : `${columns} columns`
}

/** `source LATERAL VIEW [OUTER] call alias AS names`. */
export function resolveLateral(
  item: Extract<FromItem, { kind: 'lateral view' }>,
  source: Source,
  context: Context,
  environment: Environment,
): Source {
  if (!generatorCall(item.call))
    return fail(
      environment,
      `${item.call.name.text.toUpperCase()} makes no rows; behind LATERAL VIEW stands EXPLODE or its like`,
      item.call.at,
    )
  const made = generate(item.call, item.columns, item.outer, source, context, environment)
  const relation = { qualifier: item.alias?.text ?? null, columns: made.columns, metadata: false }
  return {
    ...made.source,
    columns: [...source.columns, ...made.columns],
    relations: [...source.relations, relation],
  }
}

/** The generators of a select list, and the columns of their items. */
export function generateSelected(
  { select }: Query,
  joined: Source,
  context: Context,
  environment: Environment,
): { readonly source: Source; readonly made: ReadonlyMap<SelectItem, readonly ScopeColumn[]> } {
  const made = new Map<SelectItem, readonly ScopeColumn[]>()
  let source = joined
  for (const item of select) {
    const call = item.kind === 'expression' ? generatorCall(item.value) : null
    if (!call || item.kind !== 'expression') continue
    const names = item.aliases ?? (item.alias ? [item.alias] : [])
    const generated = generate(call, names, false, source, context, environment)
    source = generated.source
    made.set(item, generated.columns)
  }
  return { source, made }
}

/** Conditions over what generators make are tested where the last of them has made its row. */
export function placeFilters({
  filters,
  generators,
}: Pick<Source, 'filters' | 'generators'>): Pick<CompiledQuery, 'filters' | 'generators'> {
  if (generators.length === 0) return { filters }
  const views = generators.map(({ name }) => name)
  const placeOf = ({ expr }: (typeof filters)[number]) =>
    Math.max(-1, ...columnsUsed(expr).map(({ view }) => views.indexOf(view)))
  return {
    filters: filters.filter(filter => placeOf(filter) < 0),
    generators: generators.map((generator, i) => ({
      ...generator,
      filters: filters.filter(filter => placeOf(filter) === i),
    })),
  }
}
