import { CountMismatch } from '../../base/errors.ts'
import { MAX_PASSES, type RunState } from '../../protocol/state.ts'
import { addRepairs, NO_REPAIRS } from '../../readers/athena/repairs.ts'
import { type RefreshDependencies, refreshPartitions } from '../../readers/refresh.ts'
import { writeSparkMetadata } from '../../readers/spark-sink/spark-metadata.ts'

/** How many batches that are written again make one list for Spark's readers; the last of an execution always makes one. */
const REPLACES_A_LIST = 25

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
  // a list of all files for each replaced batch would be 300 GB for 35,000 of them; the last two passes may be the end
  const later = state.replacing === true && state.pass < MAX_PASSES - 2 && (state.pass + 1) % REPLACES_A_LIST > 0
  if (told.complete && sparkUri !== null && !later)
    await writeSparkMetadata(told.state, { store, layout, uri: sparkUri }, told.checked)
  if (told.mismatch !== undefined && !goesOn) throw new CountMismatch(told.mismatch)
  const time = new Date(dependencies.clock()).toISOString()
  return { ...state, time, refreshed: told.complete, repairs, waitSeconds: state.waitSeconds ?? 0 }
}
