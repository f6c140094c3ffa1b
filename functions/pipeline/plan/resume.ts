import type { RunState } from '../../protocol/state.ts'
import type { Candidates } from './candidates.ts'

/**
 * Where the next pass of an execution begins to list: after the files that the last pass has settled, or where that one
 * began if its batch was void. Undefined for the beginning. So a backfill of many passes lists bronze once, not once a
 * pass.
 */
export function resumeAfter({ listing, reason }: RunState): string | undefined {
  return (reason === 'committed' ? listing.next : listing.after) ?? undefined
}

/** What a pass that listed a part of bronze knows of the whole: what the pass before knew, less what that has settled. */
export function carryOver(previous: RunState, candidates: Candidates): Candidates {
  const { backlog, work, reason, changed, ignored, ignoredKeys = [], uncommitted } = previous
  const settled = reason === 'committed' ? work : null
  return {
    ...candidates,
    ...{ changedCount: changed, ignored, ignoredKeys, uncommitted },
    backlog: {
      files: Math.max(candidates.backlog.files, backlog.files - (settled?.files ?? 0)),
      bytes: Math.max(candidates.backlog.bytes, backlog.bytes - (settled?.bytes ?? 0)),
      oldest: backlog.oldest ?? undefined,
    },
  }
}
