import type { Codecs } from '../../parquet/pages/codecs.ts'
import { FileWriter } from '../../parquet/pages/file-writer.ts'
import type { GroupReader } from './group-reader.ts'
import type { SilverRequest } from './request.ts'
import { RowGroupMerger } from './row-group-writer.ts'
import { planParked } from './silver-plan.ts'
import type { JoinSource } from './source.ts'

/** The parked file, which is opened when the first row is parked. */
export class Parking {
  readonly #request: SilverRequest
  readonly #sources: readonly JoinSource[]
  readonly #codecs: Codecs
  #open: { readonly file: FileWriter; readonly merger: RowGroupMerger } | null = null

  constructor(request: SilverRequest, sources: readonly JoinSource[], codecs: Codecs) {
    this.#request = request
    this.#sources = sources
    this.#codecs = codecs
  }

  async add(reader: GroupReader, rows: Int32Array): Promise<void> {
    if (rows.length === 0) return
    this.#open ??= await this.#begin()
    await this.#open.merger.add(reader, { count: rows.length, reviews: rows, picks: [] }, this.#request)
  }

  async finish(): Promise<void> {
    if (!this.#open) return
    await this.#open.merger.close()
    await this.#open.file.finish({})
  }

  async #begin(): Promise<{ file: FileWriter; merger: RowGroupMerger }> {
    const { parked, query } = this.#request
    if (!parked) throw new TypeError('no file to park rows in')
    const columns = planParked(query, this.#sources)
    const file = new FileWriter(
      parked(),
      columns.map(({ column }) => column),
    )
    await file.begin()
    return { file, merger: new RowGroupMerger(file, columns, this.#codecs) }
  }
}
