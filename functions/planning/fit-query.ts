import type { FoldedLog } from '../log/fold.ts'
import { type FileSchema, type Misfit, unionSchemas } from '../query/bind.ts'
import { columnNameFault } from '../query/column-name.ts'
import type { CompiledQuery } from '../query/compiled.ts'
import { evolve } from '../query/evolve.ts'
import { InvalidQuery } from '../query/invalid.ts'
import type { Column } from '../query/types.ts'
import { SchemaChanged } from '../runtime/errors.ts'

type Compile = (reviews: readonly Column[]) => Promise<CompiledQuery>

/** A query over the files of a batch, and the files that it can't be asked of. */
export interface FittedQuery {
  readonly query: CompiledQuery
  readonly misfits: readonly Misfit[]
}

/**
 * Compiles the query over the schemas of a batch's files. One odd file must not stop the others: if it is the names of
 * columns in a few files that the query fails at, those files are misfits. Throws InvalidQuery or SchemaChanged when it is
 * the query itself.
 */
export async function fitQuery(
  schemas: readonly FileSchema[],
  { schema, reviews }: Pick<FoldedLog, 'schema' | 'reviews'>,
  compile: Compile,
): Promise<FittedQuery> {
  const fitFiles = async (files: readonly FileSchema[]): Promise<FittedQuery> => {
    const { columns, misfits } = unionSchemas(files, reviews)
    return { query: await fitTable(schema, reviews, columns, compile), misfits }
  }
  try {
    return await fitFiles(schemas)
  } catch (error) {
    const odd = schemas.flatMap(oddNames)
    if (!(error instanceof InvalidQuery) || odd.length === 0 || odd.length * 2 > schemas.length) throw error
    const names = new Set(odd.map(({ key }) => key))
    const { query, misfits } = await fitFiles(schemas.filter(({ key }) => !names.has(key)))
    return { query, misfits: [...misfits, ...odd] }
  }
}

/** Why a file's own or its path's columns can't be columns of silver. */
function oddNames({ key, columns, path }: FileSchema): Misfit[] {
  const names = [...columns.map(({ name }) => name), ...Object.keys(path)]
  const reason = names.map(columnNameFault).find(fault => fault !== null)
  return reason ? [{ key, reason: reason.replaceAll(/\p{Cc}/gu, ' ') }] : []
}

/**
 * Compiles the query so that it fits the table, whose columns keep their types for ever. Where files with wider columns
 * would widen the table, the reviews keep the types of before, and Join quarantines those files.
 */
async function fitTable(
  table: readonly Column[],
  reviews: readonly Column[],
  united: readonly Column[],
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
