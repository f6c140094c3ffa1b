import { inRange } from '../../base/at.ts'
import { silverPhysical } from '../../parquet/metadata/column-type.ts'
import { leavesOf } from '../../parquet/metadata/footer.ts'
import { widthOf } from '../../parquet/metadata/format.ts'
import { sparkTypeOf } from '../../parquet/metadata/nested-type.ts'
import { ParquetError } from '../../parquet/metadata/parquet-error.ts'
import type { RowGroup } from '../../parquet/metadata/row-group.ts'
import type { SchemaNode } from '../../parquet/metadata/schema.ts'
import { ChunkReader, type Page, type RawPage } from '../../parquet/pages/chunk-reader.ts'
import type { Codecs } from '../../parquet/pages/codecs.ts'
import { type CodedColumn, codeValues, readCoded } from '../../parquet/pages/coded-column.ts'
import { correctionOf } from '../../parquet/pages/corrected.ts'
import { readNested } from '../../parquet/pages/nested-reader.ts'
import type { SqlType, Value } from '../../sql/types.ts'
import { type PhaseTimer, UNTIMED } from './phases.ts'
import type { JoinSource, ViewColumn } from './source.ts'

/** Row groups up to this size are read at once when most of their columns are wanted. */
const ONE_READ = 16 << 20

/** A chunk with all its pages decoded, so that its dictionary is known. */
interface DecodedChunk {
  readonly chunk: ChunkReader
  readonly pages: readonly Page[]
}

/** One row group of a source. Chunks that are read for a predicate stay in memory until the row group is written. */
export class GroupReader {
  readonly source: JoinSource
  readonly group: RowGroup
  /** The number of the group's first row in the file. */
  readonly firstRow: number
  readonly codecs: Codecs
  readonly phases: PhaseTimer
  readonly #chunks = new Map<number, Uint8Array>()
  readonly #coded = new Map<number, CodedColumn>()
  readonly #decoded = new Map<number, DecodedChunk>()

  constructor(source: JoinSource, group: RowGroup, firstRow: number, codecs: Codecs, phases: PhaseTimer = UNTIMED) {
    this.source = source
    this.group = group
    this.firstRow = firstRow
    this.codecs = codecs
    this.phases = phases
  }

  /** The pages of a leaf. */
  async chunk(leaf: SchemaNode): Promise<ChunkReader> {
    const chunk = this.group.columns[leaf.firstLeaf]
    if (!chunk) throw new ParquetError(`column ${leaf.element.name} is missing in a row group`)
    const bytes = this.#chunks.get(leaf.firstLeaf) ?? (await this.source.open.read(chunk))
    const correction = correctionOf(this.source.open.footer, leaf)
    return new TimedChunk(this.phases, bytes, chunk, leaf, this.codecs, correction)
  }

  /** All pages of a leaf, decoded once, for leaves that several joins look up. Nobody may change them. */
  async decoded(leaf: SchemaNode): Promise<DecodedChunk> {
    const known = this.#decoded.get(leaf.firstLeaf)
    if (known) return known
    const chunk = await this.chunk(leaf)
    const decoded = { chunk, pages: [...chunk.decoded()] }
    this.#decoded.set(leaf.firstLeaf, decoded)
    return decoded
  }

  /** A column as codes, read once. */
  async coded(column: ViewColumn & { readonly from: 'file' }): Promise<CodedColumn> {
    const { node, physical } = column
    const known = this.#coded.get(node.firstLeaf)
    if (known) return known
    const chunks: ChunkReader[] = []
    for (const leaf of leavesOf(node)) {
      await this.#keep(leaf)
      chunks.push(await this.chunk(leaf))
    }
    const { rows } = this.group
    const [only] = chunks
    const coded = this.phases.duringSync('read', () =>
      physical && only
        ? readCoded(only, rows, widthOf(physical.type, physical.typeLength))
        : readNested(node, chunks, rows),
    )
    this.#coded.set(node.firstLeaf, coded)
    return coded
  }

  /** A column's values by row, as Values of `type` or of the column's own type. */
  async values(column: ViewColumn, type?: SqlType): Promise<(row: number) => Value> {
    if (column.from === 'constant') return () => column.value
    const { codes, dictionary } = await this.coded(column)
    const physical = column.physical ?? silverPhysical(sparkTypeOf(column.node))
    const value = codeValues(dictionary, physical, type ?? physical.sql)
    return row => value(inRange(codes[row]))
  }

  /** Reads the whole row group at once where it is small: most of its columns will be wanted. */
  async prefetch(): Promise<void> {
    const { faults } = this.source.open.footer
    const columns = [...this.group.columns.entries()].filter(([leaf]) => !faults.has(leaf))
    const chunks = columns.map(([, chunk]) => chunk)
    const start = Math.min(...chunks.map(chunk => chunk.start))
    const end = Math.max(...chunks.map(chunk => chunk.end))
    if (end <= start || end - start > ONE_READ) return
    const bytes = await this.source.open.read({ start, end })
    for (const [leaf, chunk] of columns) {
      this.#chunks.set(leaf, bytes.subarray(chunk.start - start, chunk.end - start))
    }
  }

  /** Drops what is in memory. */
  release(): void {
    this.#chunks.clear()
    this.#coded.clear()
    this.#decoded.clear()
  }

  async #keep(leaf: SchemaNode): Promise<void> {
    const chunk = this.group.columns[leaf.firstLeaf]
    if (chunk && !this.#chunks.has(leaf.firstLeaf)) {
      this.#chunks.set(leaf.firstLeaf, await this.source.open.read(chunk))
    }
  }
}

/** A chunk whose decoding counts as reading. */
class TimedChunk extends ChunkReader {
  readonly #phases: PhaseTimer

  constructor(phases: PhaseTimer, ...chunk: ConstructorParameters<typeof ChunkReader>) {
    super(...chunk)
    this.#phases = phases
  }

  override *pages(): Generator<RawPage> {
    const pages = super.pages()
    for (;;) {
      const next = this.#phases.duringSync('read', () => pages.next()) // a dictionary is decoded on the way
      if (next.done) return
      yield next.value
    }
  }

  override decode(page: RawPage): Page {
    return this.#phases.duringSync('read', () => super.decode(page))
  }
}

/** What the `file` view says about a row's bronze file; for a parked row, the file that it came from. */
export async function fileValue(reader: GroupReader, name: string): Promise<(row: number) => Value> {
  const { file, provenance } = reader.source
  const own = async (index: number, constant: Value): Promise<(row: number) => Value> => {
    const column = provenance?.[index]
    if (!column) return () => constant
    return await reader.values(column)
  }
  switch (name.toLowerCase()) {
    case 'file_path':
      return await own(0, file.key)
    case 'file_name': {
      const path = await own(0, file.key)
      return row => {
        const key = path(row)
        return typeof key === 'string' ? key.slice(key.lastIndexOf('/') + 1) : null
      }
    }
    case 'file_size':
      return await own(3, BigInt(file.size))
    case 'file_modification_time':
      return await own(4, BigInt(file.modified) * 1000n)
    default:
      return () => null
  }
}
