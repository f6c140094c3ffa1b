import type { Ingredients } from '../../engine/join/cells.ts'
import { writeSilver } from '../../engine/join/silver.ts'
import { blame, FileFault } from '../../engine/sources/file-fault.ts'
import type { SourceFile } from '../../engine/sources/source-file.ts'
import type { ObjectWriter } from '../../lake/store.ts'
import type { Codecs } from '../../parquet/pages/codecs.ts'

/**
 * Finds the file that an error is about which names none: each is joined alone, into nothing. Undefined if each can
 * be, so that the error is about something else. What the store throws passes through.
 */
export async function findCulprit(
  ingredients: Ingredients,
  sources: readonly SourceFile[],
  codecs: Codecs,
): Promise<FileFault | undefined> {
  for (const source of sources) {
    try {
      const request = { ...ingredients, sources: [source], silver: nowhere(), parked: nowhere, metadata: () => ({}) }
      await writeSilver(request, codecs)
    } catch (error) {
      const fault = blame(source.key, error)
      if (fault instanceof FileFault) return fault
      throw fault
    }
  }
  return undefined
}

/** A writer that keeps nothing. */
function nowhere(): ObjectWriter {
  let position = 0
  return {
    get position() {
      return position
    },
    async write(bytes) {
      position += bytes.length
    },
    async copy(_, { start, end }) {
      position += end - start
    },
    close: async () => ({ written: false }),
    abort: async () => {},
  }
}
