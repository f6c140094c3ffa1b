import type { RunMark } from '../../functions/maintain/console/now.ts'
import { NO_RUN, type PictureState, type RunPicture } from '../../functions/maintain/console/run-picture.ts'
import { follow, type Watch } from '../lakes/stage/execute.ts'
import type { Stage } from '../lakes/stage/find-stage.ts'
import { lastExecutions } from '../lakes/stage/last-executions.ts'

/** Executions that are listed, and milliseconds between two listings. */
const LISTED = 50
const INTERVAL = 5000

/** What a stage's executions say of themselves. */
export interface StageRuns {
  readonly runs: readonly RunMark[]
  readonly run: RunPicture
}

/** Watches the executions of a stage: lists them, and follows the newest. */
export class StageWatch {
  readonly #stage: Stage
  #region = ''
  #listed: readonly RunMark[] = []
  #listedAt = 0
  #followed: { readonly arn: string; readonly states: Map<string, PictureState>; picture: RunPicture } | undefined

  constructor(stage: Stage) {
    this.#stage = stage
  }

  async look(): Promise<StageRuns> {
    if (Date.now() - this.#listedAt > INTERVAL) {
      this.#listedAt = Date.now()
      await this.#list()
    }
    return { runs: this.#listed, run: this.#followed?.picture ?? NO_RUN }
  }

  async #list(): Promise<void> {
    const { sfn, machineArn } = this.#stage
    this.#region ||= await sfn.config.region()
    const { executions } = await lastExecutions(this.#stage, LISTED)
    this.#listed = executions.toReversed().map(({ name, status, started, stopped }) => ({
      outcome: OUTCOMES[status ?? ''] ?? 'failed',
      name: name ?? '',
      at: started ?? '',
      milliseconds: started && stopped ? Date.parse(stopped) - Date.parse(started) : null,
      ...{ rows: null, batch: null, href: this.#href(executionArn(machineArn, name ?? '')) },
    }))
    const newest = executions[0]
    if (newest?.name == null) return
    const arn = executionArn(machineArn, newest.name)
    if (this.#followed?.arn !== arn) this.#follow(arn, newest.started)
    else if (this.#followed && newest.status !== 'RUNNING') {
      this.#followed.picture = { ...this.#followed.picture, status: newest.status === 'SUCCEEDED' ? 'done' : 'failed' }
    }
  }

  /** Follows an execution to its end; what it tells becomes the picture. */
  #follow(arn: string, started: string | null): void {
    const followed = {
      arn,
      states: new Map<string, PictureState>(),
      picture: { ...NO_RUN, execution: arn, status: 'running', started, href: this.#href(arn) } as RunPicture,
    }
    this.#followed = followed
    const change = (changes: Partial<RunPicture>) => {
      followed.picture = { ...followed.picture, ...changes }
    }
    const watch: Watch = (happening, at) => {
      if (happening.type === 'item') {
        const { total, done, failed = 0, running = null } = happening
        return change({ items: { total, done, failed, running } })
      }
      if (happening.type !== 'entered' && happening.type !== 'left') return
      const { state: name } = happening
      const known = followed.states.get(name)
      const began = known?.started ?? new Date(at).toISOString()
      const isLeft = happening.type === 'left'
      followed.states.set(name, {
        ...{ name, note: '', status: isLeft ? 'done' : 'running' },
        started: isLeft ? began : new Date(at).toISOString(),
        milliseconds: isLeft ? at - Date.parse(began) : null,
      })
      change({ states: [...followed.states.values()] })
    }
    follow(this.#stage.sfn, arn, { watch, signal: new AbortController().signal }).then(
      () => change({ status: 'done' }),
      () => {
        const states = followed.picture.states.map(state => {
          return state.status === 'running' ? { ...state, status: 'failed' as const } : state
        })
        change({ status: 'failed', states })
      },
    )
  }

  /** Where AWS's console shows the stage's alarms. */
  async alarms(): Promise<string> {
    const region = encodeURIComponent(await this.#stage.sfn.config.region())
    const search = encodeURIComponent(this.#stage.name)
    return `https://${region}.console.aws.amazon.com/cloudwatch/home?region=${region}#alarmsV2:?search=${search}`
  }

  /** Where AWS's console shows an execution. */
  #href(arn: string): string {
    const region = encodeURIComponent(this.#region)
    return `https://${region}.console.aws.amazon.com/states/home?region=${region}#/v2/executions/details/${encodeURIComponent(arn)}`
  }
}

const OUTCOMES: Readonly<Record<string, RunMark['outcome']>> = { SUCCEEDED: 'good', RUNNING: 'running' }

function executionArn(machineArn: string, name: string): string {
  return `${machineArn.replace(':stateMachine:', ':execution:')}:${name}`
}
