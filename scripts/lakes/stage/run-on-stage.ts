import type { Json } from '../../../functions/adapters/step-functions/distributed-map.ts'
import { Refusal } from '../../../functions/base/refusal.ts'
import { listed } from '../../../functions/base/text.ts'
import type { RunState } from '../../../functions/protocol/state.ts'
import { Progress } from '../../terminal/progress.ts'
import type { Screen } from '../../terminal/status-line.ts'
import { follow, startExecution, type Watch } from './execute.ts'
import type { Stage } from './find-stage.ts'
import { findSame, runningExecutions } from './running.ts'

/** Starts an execution, or joins the one that does the same already, and follows it until it ends or Ctrl-C. */
export async function runOnStage(
  { sfn, machineArn, stage }: Stage,
  { input, name, screen }: { readonly input: Json; readonly name: string; readonly screen: Screen },
): Promise<RunState> {
  const running = await runningExecutions(sfn, machineArn)
  const same = await findSame(sfn, running, input)
  const others = running.filter(each => each !== same).map(({ name = '' }) => name)
  if (others.length > 0) screen.write(`running    ${listed(others, 3)}; the commits keep executions apart\n`)
  screen.write(`execution  ${same ? `${same.name}, which is running already` : name}\n`)
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
