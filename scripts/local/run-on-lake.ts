import type { Json } from '../../functions/adapters/step-functions/distributed-map.ts'
import type { LocalLake } from '../lakes/lake.ts'
import type { StageLake } from '../lakes/stage/open-stage.ts'
import type { Screen } from '../terminal/status-line.ts'
import type { LocalRun } from './run-local.ts'

import { type Ended, runShown } from './run-shown.ts'

/** Runs one execution on a lake to its end, in this process or deployed, and shows how it goes. */
export async function runOnLake(
  lake: LocalLake | StageLake,
  options: {
    readonly input: Json
    /** The execution's name, where it has one. */
    readonly name: string
    /** For a lake on this machine; a stage has its own. */
    readonly settings: LocalRun['settings']
    readonly screen: Screen
  },
): Promise<Ended> {
  const { input, settings, screen } = options
  if (!('stage' in lake)) return runShown({ lake, input, settings }, screen)
  const { runOnStage } = await import('../lakes/stage/run-on-stage.ts') // with the SDK
  return { state: await runOnStage(lake.stage, options) }
}
