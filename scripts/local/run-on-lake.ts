import type { Json } from '../../functions/adapters/step-functions/distributed-map.ts'
import { ItemsInHand } from '../../functions/adapters/step-functions/items-in-hand.ts'
import type { Happening } from '../../functions/adapters/step-functions/state-machine.ts'
import { Refusal } from '../../functions/base/refusal.ts'
import { listed } from '../../functions/base/text.ts'
import type { RunState } from '../../functions/protocol/state.ts'
import type { LocalLake } from '../lakes/lake.ts'
import { follow, startExecution, type Watch } from '../lakes/stage/execute.ts'
import type { Stage } from '../lakes/stage/find-stage.ts'
import type { StageLake } from '../lakes/stage/open-stage.ts'
import { findSame, runningExecutions } from '../lakes/stage/running.ts'
import { interruptible } from '../terminal/interrupt.ts'
import { Progress, type Screen } from '../terminal/progress.ts'
import { type LocalRun, runLocal } from './run-local.ts'

/** How far a run has come. */
export interface Ended {
  readonly state: RunState
  /** Why it did not come to its end, though it may have committed batches: an error to throw when they were shown. */
  readonly failure?: Error
}

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
  return { state: await runOnStage(lake.stage, options) }
}

/** Starts an execution, or joins the one that does the same already, and follows it until it ends or Ctrl-C. */
async function runOnStage(
  { sfn, machineArn, stage }: Stage,
  { input, name, screen }: { readonly input: Json; readonly name: string; readonly screen: Screen },
): Promise<RunState> {
  const running = await runningExecutions(sfn, machineArn)
  const same = await findSame(sfn, running, input)
  const others = running.filter(each => each !== same).map(({ name = '' }) => name)
  if (others.length > 0) screen.write(`at work    ${listed(others, 3)}; the commits keep executions apart\n`)
  screen.write(`execution  ${same ? `${same.name}, which is at work already` : name}\n`)
  const arn = same?.executionArn ?? (await startExecution(sfn, machineArn, { input, name }))
  let now = Date.now()
  const progress = new Progress(screen, { clock: () => now })
  const left = new AbortController()
  const leave = () => left.abort()
  process.once('SIGINT', leave)
  try {
    const watch: Watch = (happening, at) => {
      now = at
      progress.watch(happening)
    }
    const state = await follow(sfn, arn, { watch, signal: left.signal })
    if (state) return state
  } finally {
    process.removeListener('SIGINT', leave)
  }
  throw new Refusal(
    `${same?.name ?? name} goes on in AWS: write the same command to follow it again, or stop it with npx silversmith backfill --stage ${stage} --stop`,
  )
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
  const timer = setInterval(() => progress.tick(), TICK)
  try {
    const watch = (happening: Happening) => progress.watch(happening)
    return { state: await interruptible(stopping => runLocal({ ...run, items, stopping, watch, reached })) }
  } catch (error) {
    if (last === undefined || !(error instanceof Error)) throw error
    return { state: last, failure: error }
  } finally {
    clearInterval(timer)
  }
}

/** Milliseconds after which a clock on the screen goes on. */
const TICK = 500
