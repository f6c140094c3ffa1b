import { ItemsInHand } from '../../functions/adapters/step-functions/items-in-hand.ts'
import type { Happening } from '../../functions/adapters/step-functions/state-machine.ts'
import type { RunState } from '../../functions/protocol/state.ts'
import { interruptible } from '../terminal/interrupt.ts'
import { Progress } from '../terminal/progress.ts'
import type { Screen } from '../terminal/status-line.ts'
import { type LocalRun, runLocal } from './run-local.ts'

/** How far a run has come. */
export interface Ended {
  readonly state: RunState
  /** Why it did not come to its end, though it may have committed batches: an error to throw when they were shown. */
  readonly failure?: Error
}

/**
 * Runs one execution in this process, shows how it goes, and stops early when it is interrupted. Throws what it failed with
 * before Plan was done.
 */
export async function runShown(run: Pick<LocalRun, 'lake' | 'input' | 'settings'>, screen: Screen): Promise<Ended> {
  let last: RunState | undefined
  const reached = (state: RunState) => {
    last = state
  }
  const items = new ItemsInHand()
  const progress = new Progress(screen, { items })
  try {
    const watch = (happening: Happening) => progress.watch(happening)
    return {
      state: await progress.during(() =>
        interruptible(stopping => runLocal({ ...run, items, stopping, watch, reached })),
      ),
    }
  } catch (error) {
    if (last === undefined || !(error instanceof Error)) throw error
    return { state: last, failure: error }
  }
}
