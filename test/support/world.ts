import { parquetReadObjects } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { nativeCodecs } from '../../functions/adapters/codecs.ts'
import type { Json } from '../../functions/adapters/step-functions/distributed-map.ts'
import { runStateMachine } from '../../functions/adapters/step-functions/state-machine.ts'
import { type Logger, quiet } from '../../functions/base/logger.ts'
import type { Executions, Patience } from '../../functions/lake/claim.ts'
import { Layout } from '../../functions/lake/layout.ts'
import { nextCompact, parseSink, SPARK_METADATA, sinkName } from '../../functions/lake/spark-sink.ts'
import type { Store } from '../../functions/lake/store.ts'
import { voidIn } from '../../functions/log/fold.ts'
import { readLog } from '../../functions/log/read.ts'
import { type Codecs, makeCodecs } from '../../functions/parquet/pages/codecs.ts'
import { createCommit } from '../../functions/pipeline/commit/worker.ts'
import { createJoin } from '../../functions/pipeline/join/worker.ts'
import { createLoadDimensions } from '../../functions/pipeline/load/worker.ts'
import type { PlanDependencies } from '../../functions/pipeline/plan/plan-pass.ts'
import { createPlan } from '../../functions/pipeline/plan/worker.ts'
import { createRefresh } from '../../functions/pipeline/refresh/worker.ts'
import type { RunState } from '../../functions/protocol/state.ts'
import type { Catalog } from '../../functions/readers/athena/catalog.ts'
import type { TimestampForm } from '../../functions/sql/compiled.ts'
import { type Faults, faultyCatalog, faultyStore } from './faulty-store.ts'
import { MemoryCatalog } from './memory-catalog.ts'
import { MemoryStore } from './memory-store.ts'

export const SQL = `
  SELECT r.review_id, r.stars, c.customer_name
  FROM bronze_reviews r JOIN bronze_customers c ON r.customer_id = c.customer_id
  WHERE r.stars > 1`

export interface Review {
  readonly review_id: string
  readonly customer_id: string | null
  readonly stars: number
}

export interface Customer {
  readonly customer_id: string
  readonly customer_name: string
}

export interface WorldOptions {
  readonly sql?: string
  readonly unmatched?: 'park' | 'drop'
  readonly maxFilesPerBatch?: number
  /** The lake's root as Spark's readers name it. */
  readonly sparkUri?: string
}

const codecs: Codecs = makeCodecs(nativeCodecs)

/** A whole lake in memory with its catalog and a clock of its own, in which executions run from Plan to Done. */
export class World<S extends Store = MemoryStore> {
  readonly layout = new Layout()
  /** UTC milliseconds; every look at it is a moment later, every run a minute. */
  now: number
  readonly store: S
  readonly catalog: MemoryCatalog
  /** What is told in the place of that. */
  athena: Catalog | undefined
  sql: string
  /** The text of bronze.sql. */
  declarations: string | null = null
  unmatched: 'park' | 'drop'
  maxFilesPerBatch: number
  ignoreSparkMetadata = false
  /** How timestamps are written that bronze has as INT96. */
  timestamps: TimestampForm = 'int64'
  /** Whether runs take the claim before they list, as those of a stage do that files wake. */
  claimsFirst = false
  /** What bounds the listing of scheduled runs. */
  since: PlanDependencies['since'] = null
  /** Executions that count as running beside the one that asks. */
  readonly running = new Set<string>()
  /** Executions of which nothing is known: their claims are watched. */
  readonly unknown = new Set<string>()
  readonly executions: { -readonly [Name in keyof Executions]: Executions[Name] } = {
    isRunning: async execution => (this.unknown.has(execution) ? undefined : this.running.has(execution)),
  }
  /** How to watch a claim: by the world's clock, and at once. */
  patience: Patience = {
    now: () => this.now,
    wait: async milliseconds => {
      this.now += milliseconds
    },
  }
  /** Where the workers' lines go. */
  log: Logger = quiet
  /** The lake's root as Spark's readers name it. */
  sparkUri: string
  /** Whether silver is a Delta table too. */
  delta = true
  #runs: number

  constructor(options: WorldOptions & { readonly store?: S } = {}, other?: World<S>) {
    this.now = other?.now ?? Date.UTC(2026, 10, 24, 7, 15)
    const copied = other?.store instanceof MemoryStore ? other.store : undefined
    // S is MemoryStore where no other store is given
    this.store = options.store ?? (new MemoryStore(() => this.now, copied) as Store as S)
    this.catalog = new MemoryCatalog(this.store, this.layout, other?.catalog)
    this.sparkUri = options.sparkUri ?? other?.sparkUri ?? 's3a://lake/'
    this.sql = options.sql ?? SQL
    this.unmatched = options.unmatched ?? 'park'
    this.maxFilesPerBatch = options.maxFilesPerBatch ?? 100
    this.#runs = other ? other.#runs : 0
  }

  /** The same world once more, to live on differently. */
  clone(): World<S> {
    const { sql, unmatched, maxFilesPerBatch } = this
    return new World<S>({ sql, unmatched, maxFilesPerBatch }, this)
  }

  /** Puts a bronze review file. */
  async addReviews(name: string, rows: readonly Review[]): Promise<string> {
    const key = `${this.layout.roots.reviews}${name}.parquet`
    const text = (column: 'review_id' | 'customer_id') => {
      return { name: column, type: 'STRING', nullable: true, data: rows.map(row => row[column]) } as const
    }
    await this.store.put(
      key,
      new Uint8Array(
        parquetWriteBuffer({
          columnData: [
            text('review_id'),
            text('customer_id'),
            { name: 'stars', type: 'INT32', data: rows.map(({ stars }) => stars) },
          ],
        }),
      ),
    )
    return key
  }

  /** Puts a customers file. */
  async addCustomers(name: string, rows: readonly Customer[]): Promise<void> {
    const columns = ['customer_id', 'customer_name'] as const
    const columnData = columns.map(column => ({
      name: column,
      type: 'STRING' as const,
      data: rows.map(row => row[column]),
    }))
    await this.store.put(
      `${this.layout.roots.customers}${name}.parquet`,
      new Uint8Array(parquetWriteBuffer({ columnData })),
    )
  }

  /** Runs one execution to its end; `faults` may keep it from getting there. */
  async run(input: Json = {}, options: { readonly faults?: Faults; readonly name?: string } = {}): Promise<RunState> {
    const { workers, store } = this.workers(
      options.faults ? faultyStore(this.store, options.faults) : this.store,
      options.faults,
    )
    return this.runWith(workers, store, input, options.name)
  }

  /** Runs one execution with workers that are not quite the usual ones. */
  async runWith(
    workers: ReturnType<World<S>['workers']>['workers'],
    store: Store,
    input: Json = {},
    name = `run-${++this.#runs}`,
  ): Promise<RunState> {
    this.now += 60_000
    const id = `arn:aws:states:local:0:execution:silver:${name}`
    const execution = { id, startTime: new Date(this.now).toISOString(), input }
    return (await runStateMachine(execution, { workers, store, retryInterval: 0 })) as unknown as RunState // Refresh's
  }

  /** The five workers on a store. */
  workers(store: Store, faults?: Faults, options: { readonly slice?: number } = {}) {
    const lake = { store, layout: this.layout, codecs }
    const clock = () => ++this.now
    const told = this.athena ?? this.catalog
    const catalog = faults ? faultyCatalog(told, faults) : told
    const plan = {
      ...lake,
      executions: this.executions,
      claimsFirst: this.claimsFirst,
      patience: this.patience,
      bucket: 'memory',
      caps: { maxFilesPerBatch: this.maxFilesPerBatch, maxBytesPerBatch: 1e9 },
      maxConcurrency: 4,
      unmatched: this.unmatched,
      since: this.since,
      ignoreSparkMetadata: this.ignoreSparkMetadata,
      timestamps: this.timestamps,
      query: async () => ({
        sql: this.sql,
        declarations: this.declarations,
        reviewsView: 'bronze_reviews',
        customersView: 'bronze_customers',
      }),
    }
    const workers = {
      plan: createPlan(() => plan, { log: this.log }).handler,
      loadDimensions: createLoadDimensions(() => lake, { log: this.log }).handler,
      join: createJoin(() => lake, { log: this.log }).handler,
      commit: createCommit(() => ({ ...lake, clock, random: () => 0 }), { log: this.log }).handler,
      refresh: createRefresh(
        () => ({ ...lake, ...options, clock, catalog, sparkUri: this.sparkUri, delta: this.delta }),
        {
          log: this.log,
        },
      ).handler,
    }
    return { workers, store }
  }

  /** The rows that a query over the silver table sees, as sorted JSON texts. */
  async silver(): Promise<string[]> {
    const rows: string[] = []
    for (const batch of this.catalog.partitions.keys()) {
      for (const key of await this.catalog.files(batch)) rows.push(...(await this.#rows(key)))
    }
    return rows.sort()
  }

  /** The review ids that wait in parked files, sorted; not those of bronze versions that others were put in place of. */
  async parked(): Promise<string[]> {
    const { state } = await readLog(this.store, this.layout)
    const isVoid = voidIn(state.superseded)
    const ids = await Promise.all(
      [...state.parked.keys()].map(async key => {
        const rows = (await this.#rows(key)).map(row => JSON.parse(row))
        return rows
          .filter(row => !isVoid(key, { key: row._silversmith_key, etag: row._silversmith_etag }))
          .map(row => row.review_id)
      }),
    )
    return ids.flat().sort()
  }

  /** What the log says of bronze: each settled file once, with its etag and the reason why it is quarantined. */
  async settled(): Promise<string[]> {
    const log = await readLog(this.store, this.layout)
    const entries: string[] = []
    for await (const { key, etag, reason } of log.bronze()) entries.push(`${key} ${etag} ${reason ?? ''}`)
    return entries
  }

  /**
   * The rows that a reader of Spark's sink log sees, as sorted JSON texts. As in Spark, an id that is missing is an error,
   * and so are two newest lists of all that are not ten ids apart.
   */
  async spark(): Promise<string[]> {
    const { silver } = this.layout.roots
    const root = `${silver}${SPARK_METADATA}`
    const names: string[] = []
    for await (const { key } of this.store.list(root)) names.push(key.slice(root.length))
    const compacts = names.filter(name => name.endsWith('.compact')).map(name => Number.parseInt(name, 10))
    const [last = 9, before = last - 10] = compacts.sort((a, b) => b - a)
    if (last - before !== 10) throw new Error(`the lists of all are ${last - before} ids apart`)
    const newest = Math.max(-1, ...names.map(name => Number.parseInt(name, 10)))
    const rows: string[] = []
    for (let id = Math.max(0, nextCompact(newest + 1) - 10); id <= newest; id++) {
      for (const { path } of parseSink(new TextDecoder().decode(await this.store.get(root + sinkName(id)))))
        rows.push(...(await this.#rows(path.slice(path.lastIndexOf(silver)))))
    }
    return rows.sort()
  }

  async #rows(key: string): Promise<string[]> {
    const bytes = await this.store.get(key)
    const rows = await parquetReadObjects({ file: bytes.buffer, compressors })
    return rows.map(row => JSON.stringify(row, (_, value) => (typeof value === 'bigint' ? Number(value) : value)))
  }
}
