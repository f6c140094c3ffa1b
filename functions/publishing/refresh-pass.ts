import { MAX_PASSES, type RunState } from '../planning/state.ts'
import { CountMismatch } from '../runtime/errors.ts'
import { type RefreshDependencies, refreshPartitions } from './refresh.ts'
import { addRepairs, NO_REPAIRS } from './repairs.ts'
import { writeSparkMetadata } from './spark-metadata.ts'

/**
 * Tells the catalog what is committed and gives the state from which the next pass starts, if one is wanted. Throws
 * CountMismatch when nothing is left to do and a query counts other rows in a batch than its commit.
 */
export async function refreshPass(
  state: RunState,
  dependencies: RefreshDependencies & {
    /** The lake's root as Spark's readers by path name it; null where there are none. */
    readonly sparkUri: string | null
  },
): Promise<RunState> {
  const { store, layout, sparkUri } = dependencies
  const goesOn = state.more && state.pass < MAX_PASSES - 1
  const told = await refreshPartitions(dependencies, state.pass === 0)
  const repairs = addRepairs(state.repairs ?? NO_REPAIRS, told.repairs)
  // each replaced batch makes a list of all files: of many one after the other only the last does
  const later = goesOn && state.work?.operation === 'replace'
  if (told.complete && sparkUri !== null && !later)
    await writeSparkMetadata(told.state, { store, layout, uri: sparkUri }, told.checked)
  if (told.mismatch !== undefined && !goesOn) throw new CountMismatch(told.mismatch)
  const time = new Date(dependencies.clock()).toISOString()
  return { ...state, time, refreshed: told.complete, repairs, waitSeconds: state.waitSeconds ?? 0 }
}
