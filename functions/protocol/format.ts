import { FormatMismatch } from '../base/errors.ts'

/** The format of plans, results and commits. A worker refuses any other. */
export const FORMAT = 1

/** The format of what names batches that were packed into another: a version that does not know them must refuse it. */
export const MERGED_FORMAT = 2

export type AnyFormat = typeof FORMAT | typeof MERGED_FORMAT

/** The format of what describes a batch, which may have absorbed others. */
export function formatOf({ absorbs = [] }: { readonly absorbs?: readonly string[] }): AnyFormat {
  return absorbs.length > 0 ? MERGED_FORMAT : FORMAT
}

/** Whether this version of the code knows a format. */
export function isKnownFormat(format: unknown): format is AnyFormat {
  return format === FORMAT || format === MERGED_FORMAT
}

/** Refuses what another version of the code wrote in the same run. Throws FormatMismatch. */
export function checkFormat(format: unknown, what: string): void {
  if (isKnownFormat(format)) return
  throw new FormatMismatch(
    `${what} has format ${String(format)}, this code has ${FORMAT} and ${MERGED_FORMAT}: start a new execution`,
  )
}
