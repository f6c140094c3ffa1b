import type { FoldedLog } from '../log/fold.ts'
import type { Repairs } from '../protocol/state.ts'

/**
 * One way to read silver. It keeps a hint, tied to the log, of how far it has come, and
 * refuses a log that lacks what it knows already.
 */
export interface Reader {
  /** As messages name it. */
  readonly name: string
  /** The reader that comes before it, because this one reads what is published to that one. */
  readonly after?: string
  /** Reads the hint. It is read before the log, which may only have grown since. */
  open(): Promise<OpenReader>
}

export interface OpenReader {
  /** The last version that it knows, by its hint, -1 for none; undefined for a reader without a hint. */
  readonly version: number | undefined
  /** Whether it is time to compare what it knows with the log once more. */
  readonly isDue?: (log: FoldedLog) => boolean
  /**
   * Publishes what the log says and the reader may not know, or a slice of it. Idempotent; throws BrokenLog for a log
   * that has lost commits, or is another.
   */
  tell(options: TellOptions): Promise<Told>
}

export interface TellOptions {
  readonly log: FoldedLog
  /** Whether to compare what was published before with the log as well. */
  readonly check: boolean
  /** Whether a reader does not know the log's end yet. */
  readonly news: boolean
}

/** How far a reader has come. */
export interface Told {
  /** False when there is more to publish than one slice. */
  readonly complete: boolean
  /** What differed from the log in the reader, and was repaired. */
  readonly repairs?: Repairs
  /** Where a query counts a different number of rows than were committed: both numbers, and what to do. */
  readonly mismatch?: string | undefined
}
