import type { RunState } from '../functions/planning/state.ts'
import type { Json } from './distributed-map.ts'
import type { LocalLake, StageLake } from './open-lake.ts'
import { Progress, type Screen } from './progress.ts'
import { type LocalRun, runLocal } from './run-local.ts'
import { execute } from './stage/execute.ts'

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
): Promise<RunState> {
  const { input, name, settings, screen } = options
  if ('root' in lake) {
    const progress = new Progress(screen)
    return runLocal({
      root: lake.root,
      ...{ input, settings },
      watch: happening => progress.watch(happening),
      joined: result => progress.joined(result),
    })
  }
  let now = Date.now()
  const progress = new Progress(screen, () => now)
  const { sfn, machineArn } = lake.stage
  return execute(sfn, machineArn, {
    ...{ input, name },
    watch: (happening, at) => {
      now = at
      progress.watch(happening)
    },
  })
}
