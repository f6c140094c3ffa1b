import { BrokenLog, isRetryable, SilversmithError } from '../base/errors.ts'
import type { Repairs, UntoldReader } from '../protocol/state.ts'
import { addRepairs, NO_REPAIRS } from './athena/repairs.ts'
import type { Reader, TellOptions } from './reader.ts'

export interface Refreshed {
  /** False when a reader has more to be told. */
  readonly complete: boolean
  readonly repairs: Repairs
  readonly mismatch: string | undefined
  /** The readers that could not be told. */
  readonly failures: readonly (UntoldReader & { readonly error: SilversmithError })[]
}

/**
 * Tells every reader what is committed, one after the other. The first decides whether a check is due. A reader that fails
 * holds up no other, and is told by the next pass or run. Throws an error that passes by itself when all others have been
 * told, and BrokenLog at once: nobody is told of a log that has lost commits.
 */
export async function refreshReaders(readers: readonly Reader[], check: boolean): Promise<Refreshed> {
  let options: TellOptions = { log: undefined, check, news: false }
  let complete = true
  let repairs = NO_REPAIRS
  let mismatch: string | undefined
  const failures: Refreshed['failures'][number][] = []
  for (const reader of readers) {
    try {
      const told = await reader.tell(options)
      options = { log: told.state, check: told.checked, news: options.news || told.news }
      complete &&= told.complete
      repairs = addRepairs(repairs, told.repairs ?? NO_REPAIRS)
      mismatch ??= told.mismatch
    } catch (error) {
      if (!(error instanceof SilversmithError) || error instanceof BrokenLog) throw error
      failures.push({ reader: reader.name, message: error.message, error })
    }
  }
  const passing = failures.find(({ error }) => isRetryable(error))
  if (passing) throw passing.error
  return { complete, repairs, mismatch, failures }
}
