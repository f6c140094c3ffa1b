import type { OpenFile } from './footer.ts'

/** Bytes read at once from a file whose row groups are small. */
const WINDOW = 8 << 20
/** Row groups of up to this many bytes on average are small: a request for each would take longer than its bytes. */
const SMALL_GROUP = 256 << 10

/** A window on one file at a time, shared by files that are read one after the other. */
export class ReadAhead {
  #window: { readonly file: OpenFile; readonly start: number; readonly bytes: Uint8Array } | null = null

  /** The file, read through the window if it has many small row groups. */
  of(file: OpenFile): OpenFile {
    const { bodyEnd, rowGroups } = file.footer
    if (rowGroups.length < 2 || bodyEnd > rowGroups.length * SMALL_GROUP) return file
    return {
      footer: file.footer,
      read: async range => {
        const known = this.#window
        if (known?.file === file && range.start >= known.start && range.end <= known.start + known.bytes.length) {
          return known.bytes.subarray(range.start - known.start, range.end - known.start)
        }
        const end = Math.min(range.start + WINDOW, bodyEnd)
        if (range.end > end) return await file.read(range)
        const bytes = await file.read({ start: range.start, end })
        this.#window = { file, start: range.start, bytes }
        return bytes.subarray(0, range.end - range.start)
      },
    }
  }
}
