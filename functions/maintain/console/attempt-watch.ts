import { FormatMismatch, ResultRefused } from '../../base/errors.ts'
import { orUndefined } from '../../base/or-undefined.ts'
import { count, many } from '../../base/text.ts'
import { isAttemptId, isBatchId } from '../../lake/ids.ts'
import type { Lake } from '../../lake/lake.ts'
import type { AttemptIds, Layout } from '../../lake/layout.ts'
import type { ObjectInfo, Store } from '../../lake/store.ts'
import { type BatchPlan, findPlan } from '../../protocol/plan.ts'
import { type ItemResult, readResult } from '../../protocol/result.ts'
import type { Published } from '../../readers/published.ts'
import type { LogIndex } from './log-index.ts'
import { NO_RUN, type PictureState, type RunPicture } from './run-picture.ts'

/** Footers that one look reads at most; the next look reads on. */
const FOOTERS = 200

/** Attempts that are looked at. */
const OPEN = 20

/** Who holds the claim, as far as that is known. */
export interface Holder {
  readonly working: string | null
  readonly perhaps: boolean
}

/**
 * Watches runs by what they leave in the lake: the plan, the dimension snapshots, a silver file for each item, the
 * commit, the hint of what is published. So a run can be watched from another process, wherever it goes on.
 */
export class AttemptWatch {
  readonly #lake: Lake
  readonly #results = new Map<string, ItemResult | undefined>()

  constructor(store: Store, layout: Layout) {
    this.#lake = { store, layout }
  }

  /** The run in progress, else the last one that has left something. */
  async look(index: LogIndex, published: Published, { working, perhaps }: Holder): Promise<RunPicture> {
    const status = perhaps ? 'perhaps' : 'running'
    const newest = index.lines.reduce((last, { batch }) => (batch > last ? batch : last), '')
    const open = (await this.#findOpen(index, newest))[0]
    if (working !== null) {
      // an attempt that writes a batch again lies among the old ones
      const all = open?.execution === working ? [open] : await this.#findOpen(index, '')
      const mine = all.find(({ execution }) => execution === working)
      if (mine) return this.#picture(mine, { status, published, index })
      const last = index.lines.findLast(({ execution }) => execution === working)
      if (last) return this.#committed(last.version, index, published, status)
      const planning: PictureState = { name: 'Plan', status: 'running', started: null, milliseconds: null, note: '' }
      return { ...NO_RUN, execution: working, status, states: [planning] }
    }
    if (open) return this.#picture(open, { status: 'failed', published, index })
    const last = index.lines.findLast(({ operation }) => operation !== 'abandon')
    return last ? this.#committed(last.version, index, published, 'done') : NO_RUN
  }

  /** The attempts at batches from one on that no commit has settled, the newest first. */
  async #findOpen(index: LogIndex, from: string): Promise<BatchPlan[]> {
    const settled = new Set(index.lines.map(({ attempt }) => attempt)) // committed, replaced or abandoned
    const { store, layout } = this.#lake
    const runs = `${layout.hidden}runs/`
    const found: AttemptIds[] = []
    for await (const { key } of store.list(runs, { startAfter: `${runs}${from}` })) {
      const [batch = '', attempt = '', name] = key.slice(runs.length).split('/')
      const isPlan = name === 'query.json' && isBatchId(batch) && isAttemptId(attempt)
      if (isPlan && !settled.has(attempt)) found.push({ batch, attempt })
    }
    const newest = found.sort((a, b) => (a.attempt < b.attempt ? 1 : -1)).slice(0, OPEN)
    return (await Promise.all(newest.map(ids => findPlan(this.#lake, ids)))).filter(plan => plan !== undefined)
  }

  async #committed(version: number, index: LogIndex, published: Published, status: RunPicture['status']) {
    const line = index.lines[version]
    const plan = line && (await findPlan(this.#lake, line))
    if (!plan) return { ...NO_RUN, status, execution: line?.execution ?? null, batch: line?.batch ?? null }
    return this.#picture(plan, { status, published, index })
  }

  async #picture(plan: BatchPlan, seen: Seen): Promise<RunPicture> {
    const { execution, batch, items, bytes, plannedAt } = plan
    const files: ObjectInfo[] = []
    const { store, layout } = this.#lake
    for await (const info of store.list(`${layout.roots.silver}${layout.location(plan)}`)) files.push(info)
    const results = await this.#readResults(files)
    const states = await this.#states(plan, files, results, seen)
    const counts = results.flatMap(({ bronze, unparked }) => [...bronze, ...unparked]).map(({ rows }) => rows.read)
    const done = counts.reduce((sum, rows) => sum + rows, 0)
    const left = results.filter(({ quarantined, deferred }) => quarantined.length + deferred.length > 0).length
    return {
      ...{ execution, batch, bytes, status: seen.status, states, started: plannedAt, href: null },
      items: { total: items, done: files.length, failed: left, running: null },
      rows: { done, total: Math.max(done, plan.rows) },
    }
  }

  async #readResults(files: readonly ObjectInfo[]): Promise<ItemResult[]> {
    const fresh = files.filter(({ key }) => !this.#results.has(key)).slice(0, FOOTERS)
    const read = (key: string) => orUndefined(readResult(this.#lake.store, key), ResultRefused, FormatMismatch)
    await Promise.all(fresh.map(async ({ key }) => this.#results.set(key, await read(key))))
    return files.flatMap(({ key }) => this.#results.get(key) ?? [])
  }

  /** The states of a pass, each from the end of the one before to what it leaves. */
  async #states(
    plan: BatchPlan,
    files: readonly ObjectInfo[],
    results: readonly ItemResult[],
    { status, published, index }: Seen,
  ): Promise<PictureState[]> {
    const line = index.lines.findLast(({ attempt }) => attempt === plan.attempt)
    const { store, layout } = this.#lake
    const [query, ...snapshots] = await Promise.all([
      store.head(layout.query(plan)),
      ...plan.dimensions.map(({ snapshot }) => store.head(layout.snapshot(snapshot))),
    ])
    const planned = query?.modified ?? Date.parse(plan.plannedAt)
    const made = snapshots.flatMap(snapshot => snapshot?.modified ?? [])
    const loaded = made.length < snapshots.length ? undefined : Math.max(planned, ...made)
    const isReused = snapshots.length > 0 && loaded === planned
    const begun = Math.min(...results.flatMap(({ times }) => (times ? [Date.parse(times.started)] : [])))
    const isJoined = files.length >= plan.items
    const joined = isJoined ? Math.max(loaded ?? planned, ...files.map(({ modified }) => modified)) : undefined
    const isPublished = line !== undefined && published.version >= line.version
    const dimensions = plan.dimensions.map(({ name, rows }) => `${count(rows)} ${name}`).join(', ') || 'no join'
    const ends: readonly (readonly [name: string, end: number | undefined, note: string])[] = [
      ['Plan', planned, `${many(plan.files, 'file')} in ${many(plan.items, 'item')}`],
      ['LoadDimensions', loaded, isReused ? `${dimensions}, as before` : dimensions],
      ['JoinFiles', joined, `${files.length} of ${many(plan.items, 'item')}`],
      ['Commit', line && Date.parse(line.committedAt), line ? `version ${line.version}` : ''],
      ['RefreshPartitions', isPublished ? Date.parse(published.at) : undefined, isPublished ? 'published' : ''],
    ]
    const states: PictureState[] = []
    let from = Date.parse(plan.plannedAt)
    for (const [name, end, note] of ends) {
      const started = new Date(name === 'JoinFiles' && Number.isFinite(begun) ? begun : from).toISOString()
      if (end === undefined) {
        const isDead = status === 'failed' || status === 'done'
        states.push({ name, started, note, status: isDead ? 'failed' : 'running', milliseconds: null })
        break
      }
      // a hint that was written later belongs to a later run
      const milliseconds = Math.max(0, end - Date.parse(started))
      states.push({ name, started, note, status: 'done', milliseconds })
      from = Math.max(from, end)
    }
    return states
  }
}

interface Seen {
  readonly status: RunPicture['status']
  readonly published: Published
  readonly index: LogIndex
}
