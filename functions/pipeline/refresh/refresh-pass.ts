import { CountMismatch } from '../../base/errors.ts'
import { MAX_PASSES, type RunState } from '../../protocol/state.ts'
import { athenaOnDelta } from '../../readers/athena/athena-on-delta.ts'
import type { Catalog } from '../../readers/athena/catalog.ts'
import { type AthenaDependencies, athenaPartitions } from '../../readers/athena/partitions.ts'
import { addRepairs, NO_REPAIRS } from '../../readers/athena/repairs.ts'
import { deltaTable } from '../../readers/delta/delta-log.ts'
import type { Reader } from '../../readers/reader.ts'
import { refreshReaders } from '../../readers/refresh.ts'
import { sparkSink } from '../../readers/spark-sink/spark-metadata.ts'

/** How many batches that are written again make one list for Spark's readers; the last of an execution always makes one. */
const REPLACES_A_LIST = 25

export interface RefreshDependencies extends AthenaDependencies<Catalog> {
  /** The lake's root as Spark's readers by path name it; null where there are none. */
  readonly sparkUri: string | null
  /** Whether silver is a Delta table too, as it must be where Athena goes by its log. */
  readonly delta: boolean
}

/**
 * Publishes what is committed and gives the state from which the next pass starts, if one is wanted. When nothing is
 * left to do, throws what kept a reader from being updated, and CountMismatch when a query counts a different number of
 * rows in a batch than its commit.
 */
export async function refreshPass(state: RunState, dependencies: RefreshDependencies): Promise<RunState> {
  const goesOn = state.more && state.pass < MAX_PASSES - 1
  const told = await refreshReaders(readersOf(state, dependencies), dependencies, state.pass === 0)
  const [failure] = told.failures
  if (told.complete && !goesOn) {
    if (failure) throw failure.error
    if (told.mismatch !== undefined) throw new CountMismatch(told.mismatch)
  }
  const { failures: _, ...before } = state
  return {
    ...before,
    time: new Date(dependencies.clock()).toISOString(),
    refreshed: told.complete,
    repairs: addRepairs(state.repairs ?? NO_REPAIRS, told.repairs),
    waitSeconds: state.waitSeconds ?? 0,
    ...(failure && { failures: told.failures.map(({ reader, message }) => ({ reader, message })) }),
  }
}

function readersOf({ replacing, pass }: RunState, dependencies: RefreshDependencies): Reader[] {
  const { store, layout, catalog, sparkUri, delta, slice } = dependencies
  // a list of all files for each replaced batch would be 300 GB for 35,000 of them; the last two passes may be the end
  const later = replacing === true && pass < MAX_PASSES - 2 && (pass + 1) % REPLACES_A_LIST > 0
  return [
    ...(catalog.goesBy === 'partitions' ? [athenaPartitions({ ...dependencies, catalog })] : []),
    ...(sparkUri === null || later ? [] : [sparkSink({ store, layout, uri: sparkUri })]),
    ...(delta ? [deltaTable({ store, layout, ...(slice && { slice }) })] : []),
    ...(catalog.goesBy === 'delta' ? [athenaOnDelta({ ...dependencies, catalog })] : []),
  ]
}
