import type { ObjectWriter } from '../../lake/store.ts'
import type { Codecs } from '../../parquet/pages/codecs.ts'
import { FileWriter } from '../../parquet/pages/file-writer.ts'
import type { Slice } from './output-rows.ts'
import { RowGroupMerger } from './row-group-writer.ts'
import type { PlannedColumn } from './silver-plan.ts'

/** A file of rows that don't go to silver, parked or rejected, which is opened when the first one comes. */
export class SideFile {
  readonly #open: () => ObjectWriter
  readonly #columns: () => readonly PlannedColumn[]
  readonly #codecs: Codecs
  #begun: { readonly file: FileWriter; readonly merger: RowGroupMerger } | null = null

  constructor(open: () => ObjectWriter, columns: () => readonly PlannedColumn[], codecs: Codecs) {
    this.#open = open
    this.#columns = columns
    this.#codecs = codecs
  }

  async add(slice: Slice): Promise<void> {
    if (slice.rows.count === 0) return
    this.#begun ??= await this.#begin()
    await this.#begun.merger.add(slice)
  }

  async finish(): Promise<void> {
    if (!this.#begun) return
    await this.#begun.merger.close()
    await this.#begun.file.finish({})
  }

  async #begin(): Promise<{ file: FileWriter; merger: RowGroupMerger }> {
    const columns = this.#columns()
    const written = columns.map(({ column }) => column)
    const file = new FileWriter(this.#open(), written)
    await file.begin()
    return { file, merger: new RowGroupMerger(file, columns, this.#codecs) }
  }
}
