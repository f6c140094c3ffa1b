import { SchemaChanged } from '../../base/errors.ts'
import { UnreadableFile } from '../../engine/sources/file-fault.ts'
import type { FoldedLog } from '../../log/fold.ts'
import type { CompiledQuery } from '../../sql/compiled.ts'
import { InvalidQuery } from '../../sql/invalid.ts'
import { type FileSchema, type Misfit, unionSchemas } from '../../sql/schema/bind.ts'
import { columnNameFault } from '../../sql/schema/column-name.ts'
import { evolve } from '../../sql/schema/evolve.ts'
import type { Column, FileColumn } from '../../sql/types.ts'

type Compile = (reviews: readonly FileColumn[]) => Promise<CompiledQuery>

/** A query over the files of a batch, and the files that it can't be asked of. */
export interface FittedQuery {
  readonly query: CompiledQuery
  readonly misfits: readonly Misfit[]
}

/**
 * Compiles the query over the schemas of a batch's files. One odd file must not stop the others: where a column that the
 * query needs can't be read in a file, or the query fails at columns that only a few files have, those files are misfits.
 * Throws InvalidQuery or SchemaChanged when it is the query itself, UnreadableFile where nothing is known of the columns
 * because no file fits.
 */
export async function fitQuery(
  schemas: readonly FileSchema[],
  { schema, reviews }: Pick<FoldedLog, 'schema' | 'reviews'>,
  compile: Compile,
): Promise<FittedQuery> {
  const compileOver = (columns: readonly FileColumn[]) => fitTable(schema, reviews, columns, compile)
  const fitFiles = async (odd: readonly Misfit[]): Promise<FittedQuery> => {
    const keys = new Set(odd.map(({ key }) => key))
    const files = schemas.filter(({ key }) => !keys.has(key))
    const united = unionSchemas(files, reviews, () => false).columns
    if (reviews.length === 0) refuseUntyped(schemas, odd, united)
    const query = await compileOver(united)
    const needed = new Set(query.needed?.reviews)
    const { columns, misfits } = unionSchemas(files, reviews, name => needed.has(name))
    const [first] = misfits
    if (!first) return { query, misfits: odd }
    if (misfits.length === files.length && reviews.length === 0) throw new UnreadableFile(first.key, first.reason)
    return {
      query: await compileOver(columns).catch(error => failWithout(first, error)),
      misfits: [...misfits, ...odd],
    }
  }
  try {
    return await fitFiles([])
  } catch (error) {
    if (!(error instanceof InvalidQuery || error instanceof SchemaChanged)) throw error
    // where the table can't take a column of most files, the user has to decide
    const few = reviews.length === 0 || error instanceof SchemaChanged
    const { misfits } = unionSchemas(schemas, reviews)
    const suspects = [schemas.flatMap(oddNames), ...strangers(schemas, reviews, error)].filter(
      odd => !(few && odd.length * 2 > schemas.length),
    )
    for (const odd of [misfits, ...suspects]) {
      const fitted = odd.length > 0 ? await fitFiles(odd).catch(() => undefined) : undefined
      if (fitted) return fitted
    }
    const [odd] = schemas.flatMap(oddNames)
    if (odd && error instanceof InvalidQuery) error.message += `; ${odd.key} has it`
    throw error
  }
}

/** Throws UnreadableFile where there are files, but none that gives a column a type. */
function refuseUntyped(schemas: readonly FileSchema[], odd: readonly Misfit[], united: readonly FileColumn[]): void {
  const [first] = schemas
  const column = united.find(({ type }) => type === null)
  if (!first || united.some(({ type }) => type !== null)) return
  if (!column && odd[0]) throw new UnreadableFile(odd[0].key, odd[0].reason)
  if (column?.type === null) {
    throw new UnreadableFile(
      first.key,
      column.fault ?? `column ${column.name} is NULL in every row: it has no type yet`,
    )
  }
}

/** A query that can't be asked without a file says so: the column that it misses may be that file's. */
function failWithout({ key, reason }: Misfit, error: unknown): never {
  if (error instanceof InvalidQuery) error.message += `; ${key} is left out: ${reason}`
  throw error
}

/** How many columns are suspected one by one. */
const SUSPECTS = 20

/**
 * The files that have columns which neither earlier batches nor most files of this one have: something else that lies
 * among the reviews. First those of each such column, then all. Only for when the query can't be asked of all files.
 */
function strangers(schemas: readonly FileSchema[], reviews: readonly Column[], error: Error): Misfit[][] {
  const why = error.message.split('\n', 1)[0]?.slice(0, 120) ?? ''
  const counts = new Map<string, number>()
  for (const { columns } of schemas) {
    for (const { name } of columns) counts.set(name.toLowerCase(), (counts.get(name.toLowerCase()) ?? 0) + 1)
  }
  const known = new Set(reviews.map(({ name }) => name.toLowerCase()))
  const isUsual = (name: string) =>
    known.has(name) || (known.size === 0 && (counts.get(name) ?? 0) * 2 >= schemas.length)
  const having = (isStrange: (name: string) => boolean): Misfit[] =>
    schemas.flatMap(({ key, columns }) => {
      const strange = columns.find(({ name }) => isStrange(name.toLowerCase()))
      if (!strange) return []
      const name = strange.name.replaceAll(/\p{Cc}/gu, ' ').slice(0, 100)
      const files = `${counts.get(strange.name.toLowerCase())} of ${schemas.length} files`
      const where = known.size > 0 ? `${files} and was in none before` : files
      return [{ key, reason: `column ${name} is in ${where}, and the query can't be asked with it (${why})` }]
    })
  const unusual = [...counts.keys()].filter(name => !isUsual(name))
  return [...unusual.slice(0, SUSPECTS).map(each => having(name => name === each)), having(name => !isUsual(name))]
}

/** Compiles the query over declared columns: Join quarantines what does not fit them. */
export async function fitDeclared(
  declared: readonly Column[],
  { schema }: Pick<FoldedLog, 'schema'>,
  compile: Compile,
): Promise<FittedQuery> {
  const query = await compile(declared)
  const evolution = evolve(schema, query.output)
  if (!evolution.fits) throw new SchemaChanged(`silver.sql: ${evolution.reason}`)
  return { query, misfits: [] }
}

/** Why a file's own or its path's columns can't be columns of silver. */
function oddNames({ key, columns, path }: FileSchema): Misfit[] {
  const names = [...columns.map(({ name }) => name), ...Object.keys(path)]
  const reason = names.map(columnNameFault).find(fault => fault !== null)
  return reason ? [{ key, reason: reason.replaceAll(/\p{Cc}/gu, ' ') }] : []
}

/**
 * Compiles the query so that it fits the table, whose columns keep their types forever. Where files with wider columns
 * would widen the table, the reviews keep their earlier types, and Join quarantines those files.
 */
async function fitTable(
  table: readonly Column[],
  reviews: readonly Column[],
  united: readonly FileColumn[],
  compile: Compile,
): Promise<CompiledQuery> {
  const known = new Map(reviews.map(column => [column.name.toLowerCase(), column]))
  const names = new Set(united.map(({ name }) => name.toLowerCase()))
  // what earlier files had and these lack is NULL
  const columns = [...united, ...reviews.filter(({ name }) => !names.has(name.toLowerCase()))]
  const query = await compile(columns)
  if (evolve(table, query.output).fits) return query
  const narrow = await compile(columns.map(column => known.get(column.name.toLowerCase()) ?? column))
  const evolution = evolve(table, narrow.output)
  if (evolution.fits) return narrow
  throw new SchemaChanged(`silver.sql: ${evolution.reason}`)
}
