import type { ObjectWriter } from '../../lake/store.ts'
import type { RowCounts, SourceFile } from '../sources/source-file.ts'
import type { Ingredients } from './cells.ts'
import type { PhaseTimer } from './phases.ts'

/** What one silver file is made of, and where it goes. */
export interface SilverRequest extends Ingredients {
  /** Rows come out in the order of the files, and of the rows within each. */
  readonly sources: readonly SourceFile[]
  /** Receives the silver file up to its last byte; the caller closes it. */
  readonly silver: ObjectWriter
  /** Opens the parked file when the first row is parked; null if unmatched rows are dropped. The caller closes it. */
  readonly parked: (() => ObjectWriter) | null
  /** Opens the file of rejected rows when the first one comes; without it they are only counted. The caller closes it. */
  readonly rejected?: () => ObjectWriter
  /** The key-value metadata of the silver file's footer, asked for once, after all rows are counted. */
  readonly metadata: (rows: readonly RowCounts[]) => Readonly<Record<string, string>>
  /** Learns which phase the work belongs to. */
  readonly phases?: PhaseTimer
  /** Called with the rows of each row group when its turn comes, to show progress. */
  readonly progress?: ((rows: number) => void) | undefined
}
