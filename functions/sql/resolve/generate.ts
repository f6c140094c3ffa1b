import { many } from '../../base/text.ts'
import { type CompiledQuery, generatedView, isBeforeJoins } from '../compiled.ts'
import { columnsUsed } from '../evaluate.ts'
import type { CallSyntax, FromItem, Name, Query, SelectItem } from '../parse/syntax.ts'
import { type Context, fail } from '../typing/context.ts'
import { generatorCall, type TypedGenerator, typeGenerator } from '../typing/generators.ts'
import type { Operand } from '../typing/operand.ts'
import { sourceText, typeExpression } from '../typing/typer.ts'
import type { Environment } from './environment.ts'
import type { Scope, ScopeColumn } from './scope.ts'
import type { Source } from './source.ts'

/** A source with the rows of a generator, and the columns that it makes. */
interface Generated<S> {
  readonly source: S
  readonly columns: readonly ScopeColumn[]
}

/** Puts the rows of a generator in place of a source's rows. Gives an operand for each of its columns. */
export type AddRows<S> = (
  source: S,
  made: TypedGenerator,
  call: CallSyntax,
) => { readonly source: S; readonly operands: readonly Operand[] }

function generate<S extends Scope>(
  call: CallSyntax,
  names: readonly Name[],
  outer: boolean,
  source: S,
  context: Context,
  addRows: AddRows<S>,
): Generated<S> {
  const args = call.args.map(arg => typeExpression(arg, context))
  const typed = typeGenerator(call, args, context)
  const added = addRows(source, { ...typed, outer: outer || typed.outer }, call)
  const [first] = names
  if (first && names.length !== typed.columns.length) {
    const word = call.name.text.toUpperCase()
    fail(context, `${word} gives ${many(typed.columns.length, 'column')}, not ${names.length}`, first.at)
  }
  const named = typed.columns.map((column, i) => names[i]?.text ?? column.name)
  return {
    source: added.source,
    columns: added.operands.map((operand, i) => ({ name: named[i] ?? '', operand })),
  }
}

/** Makes rows of reviews. The generator runs before the joins, so it must not read what they look up. */
export function addToStream({ sql, newId }: Environment): AddRows<Source> {
  return (source, { columns, rows, outer }, call) => {
    const word = call.name.text.toUpperCase()
    const foreign = columnsUsed(rows).find(({ view }) => !isBeforeJoins(view))
    if (foreign)
      fail(
        { sql },
        `${word} reads ${foreign.name} of ${foreign.view}: rows are made of a review, before it is joined; join (SELECT …, ${word}(${foreign.name}) FROM …) in place of ${foreign.view}, or make them where silver is read`,
        call.at,
      )
    const name = generatedView(newId())
    const text = sourceText(call, sql)
    const generator = { kind: 'list', name, columns, filters: [], text, rows, outer } as const
    const operands = columns.map((column): Operand => ({ op: 'column', view: name, ...column }))
    return { source: { ...source, generators: [...source.generators, generator] }, operands }
  }
}

/** `source LATERAL VIEW [OUTER] call alias AS names`; `context` is what the call can name. */
export function resolveLateral<S extends Scope>(
  { call, columns: names, outer, alias }: Extract<FromItem, { kind: 'lateral view' }>,
  from: S,
  context: Context,
  addRows: AddRows<S>,
): S {
  if (!generatorCall(call)) {
    const word = call.name.text.toUpperCase()
    fail(context, `${word} makes no rows; LATERAL VIEW takes EXPLODE or a function like it`, call.at)
  }
  const { source, columns } = generate(call, names, outer, from, context, addRows)
  const view = { qualifier: alias?.text ?? null, columns, metadata: false }
  return { ...source, columns: [...from.columns, ...columns], relations: [...from.relations, view] }
}

/** The generators of a select list, and the columns of their items. */
export function generateSelected<S extends Scope>(
  { select }: Query,
  from: S,
  context: Context,
  addRows: AddRows<S>,
): { readonly source: S; readonly made: ReadonlyMap<SelectItem, readonly ScopeColumn[]> } {
  const made = new Map<SelectItem, readonly ScopeColumn[]>()
  let source = from
  for (const item of select) {
    const call = item.kind === 'expression' ? generatorCall(item.value) : null
    if (!call || item.kind !== 'expression') continue
    const names = item.aliases ?? (item.alias ? [item.alias] : [])
    const generated = generate(call, names, false, source, context, addRows)
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
