import type { RunState } from '../planning/state.ts'
import { type RefreshDependencies, refreshPartitions } from './refresh.ts'

/** Tells the catalog what is committed and gives the state from which the next pass starts, if one is wanted. */
export async function refreshPass(state: RunState, dependencies: RefreshDependencies): Promise<RunState> {
  const { complete } = await refreshPartitions(dependencies)
  const time = new Date(dependencies.clock()).toISOString()
  return { ...state, time, refreshed: complete, waitSeconds: state.waitSeconds ?? 0 }
}
