import type { FoldedLog } from '../log/fold.ts'
import type { Repairs } from '../protocol/state.ts'

/**
 * One way in which silver is read. It keeps for itself how far it has been told, as a hint that is tied to the log, and
 * refuses a log that lacks what it has been told already.
 */
export interface Reader {
  /** As messages name it. */
  readonly name: string
  /**
   * Tells what the log says and the reader may not know, or a slice of it. Idempotent; throws BrokenLog for a log that has lost
   * commits, or is another.
   */
  tell(options: TellOptions): Promise<Told>
}

export interface TellOptions {
  /** The log as another reader was told it, which spares reading it. */
  readonly log: FoldedLog | undefined
  /** Whether what was told before is to be compared with the log as well. */
  readonly check: boolean
  /** Whether another reader had not yet been told of the log's end. */
  readonly news: boolean
}

/** What a reader has been told. */
export interface Told {
  /** False when there is more to tell than one slice took. */
  readonly complete: boolean
  /** The log that was told. */
  readonly state: FoldedLog
  /** Whether what was told before was compared with the log. */
  readonly checked: boolean
  /** Whether there was something to tell. */
  readonly news: boolean
  /** What the reader had otherwise than the log, and has as the log says now. */
  readonly repairs?: Repairs
  /** Where a query counts other rows than were committed, with both numbers and what to do. */
  readonly mismatch?: string | undefined
}
