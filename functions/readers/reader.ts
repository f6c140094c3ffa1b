import type { FoldedLog } from '../log/fold.ts'
import type { Repairs } from '../protocol/state.ts'

/**
 * One way in which silver is read. It keeps for itself how far it has been told, as a hint that is tied to the log, and
 * refuses a log that lacks what it has been told already.
 */
export interface Reader {
  /** As messages name it. */
  readonly name: string
  /** The reader that is told before it, because this one reads what that is told. */
  readonly after?: string
  /** Reads the hint. It is read before the log, which may only have grown since. */
  open(): Promise<OpenReader>
}

export interface OpenReader {
  /** The version that it was told last, as its hint has it, -1 for none; undefined for a reader without a hint. */
  readonly version: number | undefined
  /** Whether what it was told long ago is to be compared with the log once more. */
  readonly isDue?: (log: FoldedLog) => boolean
  /**
   * Tells what the log says and the reader may not know, or a slice of it. Idempotent; throws BrokenLog for a log that has lost
   * commits, or is another.
   */
  tell(options: TellOptions): Promise<Told>
}

export interface TellOptions {
  readonly log: FoldedLog
  /** Whether what was told before is to be compared with the log as well. */
  readonly check: boolean
  /** Whether a reader has not been told of the log's end yet. */
  readonly news: boolean
}

/** What a reader has been told. */
export interface Told {
  /** False when there is more to tell than one slice took. */
  readonly complete: boolean
  /** What the reader had otherwise than the log, and has as the log says now. */
  readonly repairs?: Repairs
  /** Where a query counts other rows than were committed, with both numbers and what to do. */
  readonly mismatch?: string | undefined
}
