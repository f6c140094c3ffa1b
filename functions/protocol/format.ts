import { FormatMismatch } from '../base/errors.ts'

/** The format of plans, results and commits. A worker refuses any other. */
export const FORMAT = 1

/** Refuses what another version of the code has written into the run. */
export function checkFormat(format: unknown, what: string): void {
  if (format === FORMAT) return
  throw new FormatMismatch(`${what} has format ${String(format)}, this code has ${FORMAT}: start a new execution`)
}
