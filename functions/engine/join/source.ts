import { type Physical, physicalOf } from '../../parquet/metadata/column-type.ts'
import { columnsOf, type OpenFile, openFile } from '../../parquet/metadata/footer.ts'
import { ReadAhead } from '../../parquet/metadata/read-ahead.ts'
import { isFlat, type SchemaNode } from '../../parquet/metadata/schema.ts'
import type { CompiledQuery } from '../../sql/compiled.ts'
import { columnsUsed } from '../../sql/evaluate.ts'
import { bind, columnsByName, pathValue } from '../../sql/schema/bind.ts'
import type { FileColumn, Value } from '../../sql/types.ts'
import { blame, blaming, UnreadableFile } from '../sources/file-fault.ts'
import { PROVENANCE, type SourceFile } from '../sources/source-file.ts'

/** An open source, with the reviews view bound to its columns. */
export interface JoinSource {
  readonly file: SourceFile
  readonly open: OpenFile
  /** The view's columns, in the order of `query.reviews`. */
  readonly view: readonly ViewColumn[]
  /** A parked file's own PROVENANCE columns, in their order; null for a bronze file. */
  readonly provenance: readonly ViewColumn[] | null
}

/** Where a column's values are: in a column of the file, or one value for all rows. */
export type ViewColumn =
  | {
      readonly from: 'file'
      readonly node: SchemaNode /** null where it is nested. */
      readonly physical: Physical | null
    }
  | { readonly from: 'constant'; readonly value: Value }

/** Files of up to this size are read whole along with their footer, as long as there is room for them. */
const SMALL_FILE = 1 << 20
const ROOM = 32 << 20
const FOOTER = 64 << 10
/** Files opened at the same time. */
const AT_ONCE = 8

/**
 * Opens the sources and binds the view to each. Throws UnreadableFile for one that is bad or does not fit the query.
 */
export async function openSources(files: readonly SourceFile[], query: CompiledQuery): Promise<JoinSource[]> {
  let room = ROOM
  const tails = files.map(({ size }) => {
    if (size > SMALL_FILE || size > room) return FOOTER
    room -= size
    return SMALL_FILE
  })
  const ahead = new ReadAhead()
  const sources: JoinSource[] = []
  for (let i = 0; i < files.length; i += AT_ONCE) {
    const some = files.slice(i, i + AT_ONCE)
    const opened = await Promise.allSettled(some.map((file, k) => openFile(file, tails[i + k])))
    for (const [k, outcome] of opened.entries()) {
      // In the order of the files, so that the same file is named in whatever order the reads end.
      const file = some[k]
      if (!file) continue
      if (outcome.status === 'rejected') throw blame(file.key, outcome.reason)
      sources.push(await blaming(file.key, () => bindSource(file, ahead.of(outcome.value), query)))
    }
  }
  return sources
}

function bindSource(file: SourceFile, open: OpenFile, query: CompiledQuery): JoinSource {
  const columns = columnsOf(open.footer)
  const binding = bind(query, columns, file.path)
  if (!binding.fits) throw new UnreadableFile(file.key, binding.reason)
  const nodes = new Map(open.footer.schema.children.map(node => [node.element.name, node]))
  const nodeOf = (name: string): ViewColumn => {
    const node = nodes.get(name)
    if (!node) throw new UnreadableFile(file.key, `column ${name} is missing`)
    return { from: 'file', node, physical: isFlat(node) ? physicalOf(node.element) : null }
  }
  const view = binding.columns.map((column, i): ViewColumn => {
    if (column.from === 'file') return nodeOf(column.name)
    if (column.from === 'nowhere' || column.from === 'nulls') return { from: 'constant', value: null }
    return { from: 'constant', value: pathValue(column.value, query.reviews[i]?.type ?? 'string') ?? null }
  })
  requireKey(file, query, binding.columns, columns)
  return { file, open, view, provenance: file.parked ? PROVENANCE.map(({ name }) => nodeOf(name)) : null }
}

/** A file without the key of a join would match nothing, which is never what was meant. */
function requireKey(
  file: SourceFile,
  query: CompiledQuery,
  bound: readonly { readonly from: string }[],
  columns: readonly FileColumn[],
): void {
  const used = query.joins.flatMap(({ keys }) => keys.flatMap(({ left }) => columnsUsed(left)))
  for (const { view, name } of used) {
    if (view !== 'reviews') continue
    const lower = name.toLowerCase()
    const at = query.reviews.findIndex(column => column.name.toLowerCase() === lower)
    // a key without a type is not a column of the view
    const isThere = at < 0 ? columnsByName(columns).has(lower) : bound[at]?.from !== 'nowhere'
    if (!isThere) throw new UnreadableFile(file.key, `column ${name} is missing`)
  }
}
