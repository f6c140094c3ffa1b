import { MAX_PASSES, type RunState } from '../planning/state.ts'
import { CountMismatch } from '../runtime/errors.ts'
import { type RefreshDependencies, refreshPartitions } from './refresh.ts'
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
  const retelling = { wanted: state.pass === 0, asserted: state.asserted ?? -1 }
  const { complete, version, asserted, mismatch } = await refreshPartitions(dependencies, retelling)
  if (complete && sparkUri !== null) await writeSparkMetadata(version, { store, layout, uri: sparkUri })
  const goesOn = state.more && state.pass < MAX_PASSES - 1
  if (mismatch !== undefined && !goesOn) throw new CountMismatch(mismatch)
  const time = new Date(dependencies.clock()).toISOString()
  return { ...state, time, refreshed: complete, asserted, waitSeconds: state.waitSeconds ?? 0 }
}
