import type { AttemptPlace } from '../lake/layout.ts'

/** The commit that wrote the rows of a batch whose files were packed since. Its attempt's plan is the batch's. */
export interface WrittenBy {
  /** The batch that it is of, where that is another one, which was packed into this. */
  readonly batch?: string
  readonly version: number
  readonly attempt: string
  /** ISO 8601. */
  readonly committedAt: string
}

/** The commit that wrote those rows of a packed batch that one batch had brought. */
export interface Writer extends WrittenBy {
  readonly batch: string
}

/** A batch, or a commit of one, with what it says of those who wrote its rows. */
interface Written extends WrittenBy {
  readonly batch: string
  readonly writtenBy?: WrittenBy
  readonly writers?: readonly Writer[]
}

/** The commit that wrote a batch's rows; of several, the newest. */
export function writerOf({ version, attempt, committedAt, ...batch }: Omit<Written, 'batch'>): WrittenBy {
  return batch.writtenBy ?? { version, attempt, committedAt }
}

/** Each commit that wrote rows of a batch, with the batch that it was of then. */
export function writersOf(batch: Written): readonly Writer[] {
  return batch.writers ?? [{ batch: batch.batch, ...writerOf(batch) }]
}

/** The commit that took in a bronze or a parked file of a batch. `file.batch` is the batch that did, where that was another. */
export function writerOfFile(batch: Written, file: { readonly batch?: string }): Writer {
  const id = file.batch ?? batch.batch
  return writersOf(batch).find(writer => writer.batch === id) ?? { batch: batch.batch, ...writerOf(batch) }
}

/** Where the attempt has lain whose plan says how a batch's rows were made; of several, the newest. */
export function plannedPlace(batch: AttemptPlace & { readonly writtenBy?: WrittenBy }): AttemptPlace {
  const { ingestDate, batch: id, attempt, writtenBy } = batch
  return { ingestDate, batch: writtenBy?.batch ?? id, attempt: writtenBy?.attempt ?? attempt }
}

/** Where the attempt has lain whose plan says how a file's rows were made. */
export function plannedPlaceOf(
  commit: Written & Pick<AttemptPlace, 'ingestDate'>,
  file: { readonly batch?: string },
): AttemptPlace {
  const { batch, attempt } = writerOfFile(commit, file)
  return { ingestDate: commit.ingestDate, batch, attempt }
}
