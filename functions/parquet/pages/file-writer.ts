import { type ChunkFooter, encodeFooter, type RowGroupFooter } from '../metadata/footer-writer.ts'
import { MAGIC } from '../metadata/format.ts'
import type { Section } from '../metadata/row-group.ts'
import type { SilverColumn } from '../metadata/silver-column.ts'

/** What a row group's column chunk has in the page index: bytes to write, or where they are in the file already. */
export interface ChunkIndexes {
  readonly columnIndex: Uint8Array | Section | null
  readonly offsetIndex: Uint8Array | Section | null
}

/** A row group of which all column chunks are in the file. */
export interface FinishedRowGroup extends Omit<RowGroupFooter, 'chunks'> {
  readonly chunks: readonly (Omit<ChunkFooter, 'columnIndex' | 'offsetIndex'> & ChunkIndexes)[]
}

/** Where a file's bytes go, one after another. */
export interface ByteSink {
  /** Bytes written so far. */
  readonly position: number
  write(bytes: Uint8Array): Promise<void>
}

/** Writes a Parquet file in one stream: the magic, row groups, page indexes, the footer. */
export class FileWriter<Target extends ByteSink = ByteSink> {
  readonly target: Target
  readonly columns: readonly SilverColumn[]
  readonly #rowGroups: FinishedRowGroup[] = []

  constructor(target: Target, columns: readonly SilverColumn[]) {
    this.target = target
    this.columns = columns
  }

  /** Writes the magic in front; not needed where the body of another file is copied with its own. */
  async begin(): Promise<void> {
    await this.target.write(MAGIC.slice())
  }

  add(group: FinishedRowGroup): void {
    this.#rowGroups.push(group)
  }

  /** Writes the page indexes and the footer. The target is left open. */
  async finish(keyValue: Readonly<Record<string, string>>): Promise<void> {
    const columnIndexOf = await this.#place('columnIndex')
    const offsetIndexOf = await this.#place('offsetIndex')
    const rowGroups = this.#rowGroups.map(group => ({
      ...group,
      chunks: group.chunks.map(chunk => {
        return { ...chunk, columnIndex: columnIndexOf(chunk), offsetIndex: offsetIndexOf(chunk) }
      }),
    }))
    const footer = encodeFooter(this.columns, rowGroups, keyValue)
    const tail = new Uint8Array(footer.length + 8)
    tail.set(footer)
    new DataView(tail.buffer).setUint32(footer.length, footer.length, true)
    tail.set(MAGIC, footer.length + 4)
    await this.target.write(tail)
  }

  /** Writes one kind of index for all chunks, side by side; gives where that of each lies. */
  async #place(kind: keyof ChunkIndexes): Promise<(chunk: ChunkIndexes) => Section | null> {
    const written = new Map<Uint8Array, Section>()
    for (const { [kind]: index } of this.#rowGroups.flatMap(({ chunks }) => chunks)) {
      if (!(index instanceof Uint8Array)) continue
      written.set(index, { offset: this.target.position, length: index.length })
      await this.target.write(index)
    }
    return ({ [kind]: index }) => (index instanceof Uint8Array ? (written.get(index) ?? null) : index)
  }
}
