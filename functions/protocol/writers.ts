import type { AttemptPlace } from '../lake/layout.ts'

/** The commit that wrote the rows of a batch whose files have been packed since. Its attempt has the batch's plan. */
export interface WrittenBy {
  /** The batch of that commit, if it is another one, which was packed into this one. */
  readonly batch?: string
  readonly version: number
  readonly attempt: string
  /** ISO 8601. */
  readonly committedAt: string
}

/** The commit that wrote the rows that one batch brought into a packed one. */
export interface Writer extends WrittenBy {
  readonly batch: string
}

/** A batch, or a commit of one, with what it says about the commits that wrote its rows. */
interface Written extends WrittenBy {
  readonly batch: string
  readonly writtenBy?: WrittenBy
  readonly writers?: readonly Writer[]
}

/** The commit that wrote a batch's rows; of several, the newest. */
export function writerOf({ version, attempt, committedAt, ...batch }: Omit<Written, 'batch'>): WrittenBy {
  return batch.writtenBy ?? { version, attempt, committedAt }
}

/** Each commit that wrote rows of a batch, with the batch that it belonged to then. */
export function writersOf(batch: Written): readonly Writer[] {
  return batch.writers ?? [{ batch: batch.batch, ...writerOf(batch) }]
}

/** The commit that took in a bronze or parked file of a batch. `file.batch` is the batch that did, if it was another one. */
export function writerOfFile(batch: Written, file: { readonly batch?: string }): Writer {
  const id = file.batch ?? batch.batch
  return writersOf(batch).find(writer => writer.batch === id) ?? { batch: batch.batch, ...writerOf(batch) }
}

/** The place of the attempt whose plan says how a batch's rows were made; of several, the newest. */
export function plannedPlace(batch: AttemptPlace & { readonly writtenBy?: WrittenBy }): AttemptPlace {
  const { ingestDate, batch: id, attempt, writtenBy } = batch
  return { ingestDate, batch: writtenBy?.batch ?? id, attempt: writtenBy?.attempt ?? attempt }
}

/** The place of the attempt whose plan says how a file's rows were made. */
export function plannedPlaceOf(
  commit: Written & Pick<AttemptPlace, 'ingestDate'>,
  file: { readonly batch?: string },
): AttemptPlace {
  const { batch, attempt } = writerOfFile(commit, file)
  return { ingestDate: commit.ingestDate, batch, attempt }
}
