import { codecs } from '../../functions/adapters/codecs.ts'
import { readClaim } from '../../functions/lake/claim.ts'
import { readCommitted } from '../../functions/lake/read-spark-sink.ts'
import { AttemptWatch } from '../../functions/maintain/console/attempt-watch.ts'
import { LogIndex } from '../../functions/maintain/console/log-index.ts'
import { lastRuns, type RunMark, totalsOf } from '../../functions/maintain/console/now.ts'
import { paceOf, type RunPicture } from '../../functions/maintain/console/run-picture.ts'
import { mostWanted } from '../../functions/maintain/console/wanted.ts'
import { findRubbish, type Rubbish } from '../../functions/maintain/vacuum.ts'
import { type Published, readPublished } from '../../functions/readers/published.ts'
import { readWholeLog } from '../../functions/readers/whole-log.ts'
import { flowOf } from '../../functions/report/flow.ts'
import type { LocalLake } from '../lakes/lake.ts'
import type { StageLake } from '../lakes/stage/open-stage.ts'
import { findFacts, findHolder, type LakeFacts } from '../summary/lake-facts.ts'
import type { NowView, TroubleView } from './api.ts'
import { Recent } from './recent.ts'
import type { StageWatch } from './stage-watch.ts'
import { findTroubles, type Trouble } from './trouble.ts'

/** Milliseconds after which who asks is told how far the log is read. */
const SOON = 300
/** Customers that are named. */
const WANTED = 20

/** What a look at the whole lake finds: it lists bronze and silver. */
interface Look {
  readonly facts: LakeFacts
  readonly attempts: readonly Rubbish[]
}

/** A lake under watch: its log in memory, and what takes longer to find out as of the last look. */
export class LakeWatch {
  readonly lake: LocalLake | StageLake
  readonly index: LogIndex
  /** The options that name the lake in a command, with a space before them. */
  readonly where: string
  readonly #attempts: AttemptWatch
  readonly #look: Recent<Look>
  readonly #wanted: Recent<Awaited<ReturnType<typeof mostWanted>>>
  #stage: StageWatch | undefined
  #checked = false
  #isRead = false
  #wantedAt = -1

  /** `changed` is called when a look has found something. */
  constructor(lake: LocalLake | StageLake, where: string, changed: () => void) {
    const { store, layout } = lake
    this.lake = lake
    this.where = where
    this.index = new LogIndex(store, layout)
    this.#attempts = new AttemptWatch(store, layout)
    this.#look = new Recent(() => this.#lookAround(), changed)
    this.#wanted = new Recent(() => mostWanted({ ...lake, codecs: codecs() }, this.index.state, WANTED), changed)
  }

  /** Reads what is new in the log. Throws BrokenLog for a log that is not whole. */
  async update(): Promise<boolean> {
    const { store, layout } = this.lake
    if (!this.#checked) await readWholeLog(store, layout)
    this.#checked = true
    const isNew = await this.index.update()
    this.#isRead = true
    if (isNew) this.#look.expire()
    return isNew
  }

  /** Reads what is new; where the log is long and was never read before, the commits that are read so far after a while. */
  async ready(): Promise<{ readonly reading: number } | undefined> {
    const update = this.update().then(() => undefined)
    if (this.#isRead) return update
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<{ readonly reading: number }>(done => {
      timer = setTimeout(() => done({ reading: this.index.lines.length }), SOON)
    })
    return Promise.race([update, late]).finally(() => clearTimeout(timer))
  }

  async now(): Promise<NowView> {
    await this.update()
    const { lake, index, where } = this
    const published = await readPublished(lake.store, lake.layout)
    const { runs, run } = await this.#runs(published)
    const now = Date.now()
    const totals = totalsOf(index)
    const newest = index.lines.findLast(({ version, rows }) => version <= published.version && rows.written > 0)
    const look = this.#look.get()
    if (!look && this.#look.failure) throw this.#look.failure
    return {
      now: new Date(now).toISOString(),
      lake: { name: lake.name, uri: lake.uri, stage: 'stage' in lake ? lake.stage.stage : null },
      where,
      totals,
      published: {
        version: published.version,
        at: published.version < 0 ? null : published.at,
        newest: newest?.committedAt ?? null,
      },
      flow: flowOf(index.lines),
      ...{ runs, run, pace: paceOf(run, now) },
      bronze: look
        ? {
            backlog: look.value.facts.backlog,
            changed: look.value.facts.changed,
            at: new Date(look.at).toISOString(),
          }
        : null,
      troubles: this.#troubles({ run, runs, published: published.version, now }),
    }
  }

  async trouble(): Promise<Omit<TroubleView, 'parkedByDay'>> {
    const { now, troubles } = await this.now()
    const { version } = this.index.state
    if (this.#wantedAt !== version) this.#wanted.expire()
    this.#wantedAt = version
    const wanted = this.#wanted.get()?.value
    const at = this.#look.get()?.at
    return {
      ...{ now, troubles, wanted: wanted?.wanted ?? [], customers: wanted?.customers ?? 0 },
      alarms: 'stage' in this.lake ? await (await this.#stageWatch(this.lake)).alarms() : null,
      at: at === undefined ? null : new Date(at).toISOString(),
    }
  }

  #troubles(seen: {
    readonly run: RunPicture
    readonly runs: readonly RunMark[]
    readonly published: number
    readonly now: number
  }): Trouble[] {
    const look = this.#look.get()?.value
    const { run, runs, published, now } = seen
    return findTroubles({
      ...{ where: this.where, totals: totalsOf(this.index), published, runs, now },
      isWorking: run.status === 'running' || run.status === 'perhaps',
      facts: look?.facts ?? null,
      attempts: look?.attempts ?? [],
    })
  }

  /** The last runs, and the one that goes on or was the last: a stage's by Step Functions, others by what they leave. */
  async #runs(published: Published): Promise<{ readonly runs: readonly RunMark[]; readonly run: RunPicture }> {
    const { lake, index } = this
    const claim = await readClaim(lake.store, lake.layout)
    const holder = await findHolder(claim?.execution, lake.executions)
    const left = await this.#attempts.look(index, published, holder)
    if (!('stage' in lake)) return { runs: [...lastRuns(index.lines), ...failedMark(left)], run: left }
    const { runs, run } = await (await this.#stageWatch(lake)).look()
    const isSame = run.execution === left.execution
    const known = isSame
      ? { rows: left.rows, bytes: left.bytes, batch: left.batch, items: run.items ?? left.items }
      : {}
    return { runs, run: { ...run, ...known } }
  }

  async #stageWatch(lake: StageLake): Promise<StageWatch> {
    const { StageWatch } = await import('./stage-watch.ts') // with the SDK
    this.#stage ??= new StageWatch(lake.stage)
    return this.#stage
  }

  async #lookAround(): Promise<Look> {
    const { lake } = this
    const since = 'stage' in lake ? lake.stage.since : null
    const isCommitted = await readCommitted(lake.store, lake.layout.roots.reviews)
    const facts = await findFacts(lake, { since, isCommitted, sql: undefined })
    const rubbish = await findRubbish({ ...lake, now: Date.now(), olderThan: 0 })
    return { facts, attempts: rubbish.filter(({ kind }) => kind === 'orphan') }
  }
}

/** A run that left an attempt and no commit is known by that attempt alone. */
function failedMark({ status, batch, started }: RunPicture): RunMark[] {
  if (status !== 'failed') return []
  const name = `attempt at batch ${batch}`
  return [{ outcome: 'failed', name, at: started ?? '', milliseconds: null, rows: null, batch: null, href: null }]
}
