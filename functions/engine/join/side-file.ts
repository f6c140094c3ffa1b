import type { ObjectWriter } from '../../lake/store.ts'
import type { Codecs } from '../../parquet/pages/codecs.ts'
import { FileWriter } from '../../parquet/pages/file-writer.ts'
import type { Ingredients } from './cells.ts'
import type { GroupReader } from './group-reader.ts'
import type { JoinedRows } from './output-rows.ts'
import { RowGroupMerger } from './row-group-writer.ts'
import type { PlannedColumn } from './silver-plan.ts'

/** A file of rows that don't go to silver, parked or rejected, which is opened when the first one comes. */
export class SideFile {
  readonly #open: () => ObjectWriter
  readonly #columns: () => readonly PlannedColumn[]
  readonly #ingredients: Ingredients
  readonly #codecs: Codecs
  #begun: { readonly file: FileWriter; readonly merger: RowGroupMerger } | null = null

  constructor(
    open: () => ObjectWriter,
    columns: () => readonly PlannedColumn[],
    ingredients: Ingredients,
    codecs: Codecs,
  ) {
    this.#open = open
    this.#columns = columns
    this.#ingredients = ingredients
    this.#codecs = codecs
  }

  async add(reader: GroupReader, rows: JoinedRows): Promise<void> {
    if (rows.count === 0) return
    this.#begun ??= await this.#begin()
    await this.#begun.merger.add(reader, rows, this.#ingredients)
  }

  async finish(): Promise<void> {
    if (!this.#begun) return
    await this.#begun.merger.close()
    await this.#begun.file.finish({})
  }

  async #begin(): Promise<{ file: FileWriter; merger: RowGroupMerger }> {
    const columns = this.#columns()
    const file = new FileWriter(
      this.#open(),
      columns.map(({ column }) => column),
    )
    await file.begin()
    return { file, merger: new RowGroupMerger(file, columns, this.#codecs) }
  }
}
