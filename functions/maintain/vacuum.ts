import { type ClaimContext, LakeClaim } from '../lake/claim.ts'
import { clockTime, isAttemptId, isBatchId } from '../lake/ids.ts'
import type { Layout } from '../lake/layout.ts'
import type { ObjectInfo, Store } from '../lake/store.ts'
import { commitAbandon } from '../log/append.ts'
import type { FoldedLog } from '../log/fold.ts'
import { needCommit, readLog } from '../log/read.ts'
import { FORMAT } from '../protocol/format.ts'
import { findPlan } from '../protocol/plan.ts'
import { RETENTION_DAYS } from '../readers/delta/delta-table.ts'
import { publishedForADay } from '../readers/published.ts'
import { readWholeLog } from '../readers/whole-log.ts'

const DAY = 24 * 60 * 60 * 1000

export interface VacuumOptions extends Omit<ClaimContext, 'execution'> {
  /** UTC milliseconds. */
  readonly now: number
  /** Milliseconds that an object must have been left alone, or replaced by another location, before it goes. */
  readonly olderThan: number
}

/** Objects that no reader and no run needs any more. */
export interface Rubbish {
  /**
   * `orphan`: an attempt that was never committed. `superseded`: a location that has had another in its place for the
   * time asked for, and a day: readers of older versions of the Delta table need it. `parked`, `rejected`: a file of
   * such rows that the invocation which wrote it did not get to name. `run`: the plan of a settled attempt.
   * `temporary`: a file under construction whose process has ended.
   */
  readonly kind: 'orphan' | 'superseded' | 'parked' | 'rejected' | 'run' | 'customers' | 'temporary'
  readonly batch: string
  /** An attempt's id, or a snapshot's hash. */
  readonly attempt: string
  readonly keys: readonly string[]
  readonly bytes: number
}

/** Rubbish that grows, and when its youngest object was written. */
interface Group extends Rubbish {
  readonly keys: string[]
  bytes: number
  youngest: number
}

/** Finds what can go. Reads only. Throws BrokenLog when the log is lost: all of silver would look like rubbish. */
export async function findRubbish(options: VacuumOptions): Promise<Rubbish[]> {
  const { store, layout, now, olderThan } = options
  const { log, published: hint } = await readWholeLog(store, layout)
  const { state } = log
  const settled = new Settled(state)
  const published = publishedForADay(hint, now)
  const groups = new Map<string, Group>()
  for await (const info of store.list(layout.roots.silver)) {
    const place = placeOf(info.key, layout)
    if (!place) continue
    const { batch, attempt, kind } = place
    if (kind === 'silver' && settled.current.has(attempt)) continue
    if (settled.named.has(info.key)) continue
    const replacedAt = settled.superseded.get(attempt)
    const committed = settled.current.has(attempt) || replacedAt !== undefined
    if (!committed) add(groups, 'orphan', batch, attempt, info)
    else if (kind === 'run' || kind === 'parked') add(groups, kind, batch, attempt, info)
    else if (kind === 'rejected' && replacedAt === undefined) add(groups, kind, batch, attempt, info)
    else if (replacedAt !== undefined && replacedAt <= published) add(groups, 'superseded', batch, attempt, info)
  }
  const of = (kind: Rubbish['kind']) => [...groups.values()].filter(group => group.kind === kind)
  const old = (group: Group) => group.youngest < now - olderThan
  const dead: Group[] = []
  const isAtWork = atWork(options)
  const needed = new Set(state.snapshots)
  for (const group of of('orphan')) {
    // without a plan, no run of this version can continue it; a long run is not an orphan, however old
    const plan = await findPlan(options, group)
    if (old(group) && !(plan && (await isAtWork(plan.execution)))) dead.push(group)
    else for (const { snapshot } of plan?.dimensions ?? []) needed.add(snapshot)
  }
  const superseded = await unreadable(of('superseded'), settled, options)
  const others = [...of('parked'), ...of('rejected'), ...of('run')].filter(old)
  return [
    ...[...dead, ...superseded, ...others].map(({ youngest: _, ...group }) => group),
    ...(await findSnapshots(options, needed)),
    ...(await findTemporary(store)),
  ]
}

/** The locations that were replaced so long ago that no version of the Delta table within retention has them. */
async function unreadable(
  groups: readonly Group[],
  { superseded }: Settled,
  { store, layout, now, olderThan }: VacuumOptions,
): Promise<Group[]> {
  const times = new Map<number, number>()
  const old: Group[] = []
  for (const group of groups) {
    const version = superseded.get(group.attempt) ?? -1
    const time = times.get(version) ?? Date.parse((await needCommit(store, layout, version)).committedAt)
    times.set(version, time)
    if (time < now - olderThan) old.push(group)
  }
  return old
}

/** The default age after which vacuum removes things, in milliseconds: the Delta table's retention, or a day without one. */
export async function defaultAge({ store, layout }: Pick<VacuumOptions, 'store' | 'layout'>): Promise<number> {
  return DAY * ((await store.head(layout.deltaVersion(0))) ? RETENTION_DAYS : 1)
}

/** Whether an execution is running; of one that nobody knows of, whether it holds the claim and renews it. */
function atWork(options: VacuumOptions): (execution: string) => Promise<boolean> {
  const claim = new LakeClaim({ ...options, execution: 'vacuum' })
  let holder: Promise<string | undefined> | undefined
  return async execution => {
    const running = await options.executions.isRunning(execution)
    if (running !== undefined) return running
    holder ??= claim.heldByOther()
    return (await holder) === execution
  }
}

/**
 * Removes rubbish. An orphan is first abandoned by a commit, so that an execution which is redriven later can't commit
 * what is gone; if it has been committed in the meantime, it stays.
 */
export async function removeRubbish(found: Rubbish, options: VacuumOptions): Promise<boolean> {
  const { store, layout, now } = options
  if (found.kind === 'orphan') {
    const { state } = await readLog(store, layout)
    const settled = new Settled(state)
    if (settled.current.has(found.attempt) || settled.superseded.has(found.attempt)) return false
    if (!state.abandoned.has(found.attempt)) {
      const { batch, attempt } = found
      const committedAt = clockTime(now)
      const draft = { format: FORMAT, operation: 'abandon', batch, attempt, committedAt, execution: 'vacuum' } as const
      const commit = await commitAbandon(store, layout, draft, state.version)
      if (commit.operation !== 'abandon') return false
    }
  }
  if (found.kind === 'temporary') await store.sweep?.()
  else for (const key of found.keys) await store.delete(key)
  return true
}

/** What the log says of attempts, and of parked and rejected rows. */
class Settled {
  readonly current = new Set<string>()
  /** With the version that replaced them. */
  readonly superseded = new Map<string, number>()
  /** Every parked file that a commit names, as a batch that is written again must know them; rejected rows of live batches. */
  readonly named = new Set<string>()

  constructor(state: FoldedLog) {
    for (const [attempt, version] of state.attempts()) {
      if (version === undefined) this.current.add(attempt)
      else this.superseded.set(attempt, version)
    }
    for (const batch of state.batches.values()) {
      for (const key of batch.everParked) this.named.add(key)
      for (const { key } of batch.rejected ?? []) this.named.add(key)
    }
  }
}

function placeOf(key: string, { roots, hidden }: Layout) {
  const named = (kind: 'silver' | 'parked' | 'rejected' | 'run', batch = '', attempt = '') =>
    isBatchId(batch) && isAttemptId(attempt) ? { kind, batch, attempt } : undefined
  if (!key.startsWith(hidden)) {
    const [, batch = '', attempt] = key.slice(roots.silver.length).split('/')
    return batch.startsWith('batch=') ? named('silver', batch.slice('batch='.length), attempt) : undefined
  }
  const [folder, batch, attempt] = key.slice(hidden.length).split('/')
  if (folder === 'parked' || folder === 'rejected') return named(folder, batch, attempt)
  return folder === 'runs' ? named('run', batch, attempt) : undefined
}

function add(
  groups: Map<string, Group>,
  kind: Rubbish['kind'],
  batch: string,
  attempt: string,
  { key, size, modified }: ObjectInfo,
): void {
  const name = `${kind} ${attempt}`
  const group = groups.get(name) ?? { kind, batch, attempt, keys: [], bytes: 0, youngest: 0 }
  groups.set(name, group)
  group.keys.push(key)
  group.bytes += size
  group.youngest = Math.max(group.youngest, modified)
}

/** Customers snapshots that are old, and neither the newest commit's nor of a plan that may still be worked on. */
async function findSnapshots(
  { store, layout, now, olderThan }: VacuumOptions,
  needed: ReadonlySet<string>,
): Promise<Rubbish[]> {
  const keys = new Set([...needed].map(hash => layout.snapshot(hash)))
  const found: Rubbish[] = []
  for await (const { key, size, modified } of store.list(`${layout.hidden}customers/`)) {
    if (keys.has(key) || modified >= now - olderThan) continue
    found.push({ kind: 'customers', batch: '', attempt: key.split('/').at(-1) ?? '', keys: [key], bytes: size })
  }
  return found
}

/** What Ctrl-C or a kill left behind: no run will use it, however new it is. */
async function findTemporary(store: Store): Promise<Rubbish[]> {
  const files = (await store.abandoned?.()) ?? []
  if (files.length === 0) return []
  const bytes = files.reduce((sum, { size }) => sum + size, 0)
  return [{ kind: 'temporary', batch: '', attempt: '', keys: files.map(({ key }) => key), bytes }]
}
