import { type ByteRange, sha256 } from '../base/bytes.ts'
import { mapConcurrently } from '../base/concurrently.ts'
import { UsageError } from '../base/refusal.ts'
import { writeSilver } from '../engine/join/silver.ts'
import { blaming } from '../engine/sources/file-fault.ts'
import type { SourceFile } from '../engine/sources/source-file.ts'
import { copyAcross } from '../lake/copy-across.ts'
import { clockTime, type PassIds, passIds } from '../lake/ids.ts'
import { pathColumns } from '../lake/keys.ts'
import type { Lake } from '../lake/lake.ts'
import { partName } from '../lake/layout.ts'
import { readSinkFiles, relativePath } from '../lake/read-spark-sink.ts'
import type { ObjectInfo, ObjectWriter, Store } from '../lake/store.ts'
import { pinVersions } from '../lake/versions.ts'
import { writerThrough } from '../lake/writer-through.ts'
import { commitBatch } from '../log/append.ts'
import { readLog } from '../log/read.ts'
import { columnsOf, readFooter } from '../parquet/metadata/footer.ts'
import { type BronzeFile, NO_ROWS, type SilverFile } from '../protocol/commit.ts'
import { FORMAT } from '../protocol/format.ts'
import { type ItemResult, resultMetadata } from '../protocol/result.ts'
import { readPublished, refuseOtherLog } from '../readers/published.ts'
import { compileQuery } from '../sql/compile.ts'
import type { CompiledQuery } from '../sql/compiled.ts'
import { type FileSchema, unionSchemas } from '../sql/schema/bind.ts'
import { PARTITION_COLUMNS } from '../sql/schema/column-name.ts'
import type { ReadableLake } from './readable-lake.ts'
import { type ProcessedFile, readCheckpoint } from './spark-checkpoint.ts'

/** A directory of the Spark job: a store, a root in it with a slash at its end, or empty, and how messages name it where not by the root. */
export interface SparkDirectory {
  readonly store: Store
  readonly root: string
  readonly name?: string
}

export interface TakeoverOptions extends ReadableLake {
  readonly checkpoint: SparkDirectory
  readonly silver: SparkDirectory
  /** UTC milliseconds. */
  readonly now: number
  /** Looks at everything and writes nothing. */
  readonly dryRun?: boolean
}

export interface TakenOver {
  readonly batch: string
  readonly silver: number
  readonly rows: number
  readonly bronze: number
  /** Bronze files of the checkpoint that are gone. */
  readonly missing: readonly string[]
}

/** Files looked at side by side. */
const CONCURRENCY = 32
const SQL = 'SELECT * FROM spark_silver'

/**
 * Makes the committed silver files of a Spark job the first batch of a lake, and marks the bronze files that they were
 * made of as processed. Each file is copied inside the store where it can be and gets a footer of ours; what Spark did
 * not commit stays behind. Throws UsageError when the lake has a log already, BrokenLog when it has lost it.
 */
export async function takeOver(options: TakeoverOptions): Promise<TakenOver> {
  const { store, layout, checkpoint, silver, now } = options
  const published = await readPublished(store, layout)
  const { state } = await readLog(store, layout)
  if (state.version >= 0) {
    throw new UsageError('the lake has a log already: a Spark job can be taken over before the first run only')
  }
  await refuseOtherLog(store, layout, published, state)
  const processed = await readCheckpoint(checkpoint, silver)
  const sources = await findSilver(silver)
  const { bronze, missing } = await findBronze(options, processed)
  const ids = await passIds(`takeover of ${checkpoint.root} at ${now}`, 0, now)
  const { query, rows: found } = await describeSilver(sources, now)
  const counts = { batch: ids.batch, silver: sources.length, bronze: bronze.length, missing }
  if (options.dryRun) return { ...counts, rows: found }
  const written = await copyFiles(sources, bronze, query, ids, options)
  const rows = written.reduce((sum, file) => sum + file.rows, 0)
  const draft = {
    ...({ format: FORMAT, operation: 'append', ...ids, location: layout.location(ids) } as const),
    committedAt: clockTime(now),
    execution: 'takeover',
    input: { takeover: { files: sources.length } },
    query: { sha256: query.sha256, sql: query.sql, comment: query.comment },
    reviews: [],
    output: query.output.map(({ name, type }) => ({ name, type })),
    customers: null,
    rows: { ...NO_ROWS, read: rows, matched: rows, written: rows },
    silver: written,
    bronze,
    ...{ parked: [], unparked: [], excluded: [], reclaimed: [], superseded: [], quarantined: [], deferred: [] },
  }
  const outcome = await commitBatch(store, layout, draft, { version: -1, attempt: '', schema: [] })
  if (outcome.outcome === 'conflict')
    throw new UsageError(`an execution was quicker (${outcome.reason}): stop the schedule first`)
  return { ...counts, rows }
}

/** The files that the sink's log has committed, opened for reading. */
async function findSilver({ store, root, name = root }: SparkDirectory): Promise<SourceFile[]> {
  const committed = await readSinkFiles(store, root)
  if (!committed) throw new UsageError(`${name} has no _spark_metadata: is it the sink of a Spark stream?`)
  return mapConcurrently(committed, CONCURRENCY, async ({ path, size }) => {
    const key = root + relativePath(path)
    const info = await store.head(key)
    if (!info) throw new UsageError(`committed silver file ${key} of ${name} is missing: restore it`)
    if (info.size !== size)
      throw new UsageError(`committed silver file ${key} has ${info.size} bytes, not ${size}: restore it`)
    const read = (range: ByteRange) => store.get(key, { range, ifMatch: info.etag })
    return { ...info, read, path: withoutOwn(pathColumns(key, root)), parked: false, excluded: [] }
  })
}

/** The partition columns of the silver table are our own; those of the Spark job become columns of the files. */
function withoutOwn(path: Readonly<Record<string, string | null>>): Record<string, string | null> {
  const own = new Set<string>(PARTITION_COLUMNS)
  return Object.fromEntries(Object.entries(path).filter(([name]) => !own.has(name.toLowerCase())))
}

/** The bronze files of the checkpoint in the lake, as they are there now. */
async function findBronze({ store, layout }: Lake, processed: readonly ProcessedFile[]) {
  const root = layout.roots.reviews
  const there = new Map<string, ObjectInfo>()
  for await (const info of store.list(root)) there.set(info.key, info)
  const paths = processed.map(({ path }) => path)
  const places = findPlaces(paths, below => there.has(root + below))
  // by key, because a stream reads a file again that was written again
  const bronze = new Map<string, BronzeFile>()
  for (const { path, timestamp } of processed) {
    const key = root + places.get(path)
    const info = there.get(key)
    const modified = new Date(info?.modified ?? timestamp).toISOString()
    const { etag = '', size = 0 } = info ?? {}
    // which of the rows came from which file the checkpoint does not say
    bronze.set(key, { key, etag, size, modified, silver: partName(0), rows: NO_ROWS })
  }
  const missing = [...bronze.keys()].filter(key => !there.has(key))
  return { bronze: await pinVersions(store, [...bronze.values()]), missing }
}

/**
 * Where the files of a checkpoint's absolute paths lie below the reviews: the longest end of the path that is there,
 * because jobs read folders of any depth and lakes move. A file that is gone lies where most of the others would have
 * it: should it come back, it must not count as new.
 */
function findPlaces(paths: readonly string[], isThere: (below: string) => boolean): ReadonlyMap<string, string> {
  const places = new Map<string, string>()
  const bases = new Map<string, number>()
  for (const path of paths) {
    const decoded = decodeURIComponent(path)
    const segments = decoded.split('/')
    const place = segments.map((_, from) => segments.slice(from).join('/')).find(isThere)
    if (place === undefined) continue
    places.set(path, place)
    const base = decoded.slice(0, decoded.length - place.length)
    bases.set(base, (bases.get(base) ?? 0) + 1)
  }
  const [base] = [...bases].sort(([, a], [, b]) => b - a)[0] ?? []
  for (const path of paths) {
    if (places.has(path)) continue
    const decoded = decodeURIComponent(path)
    const isBelow = base !== undefined && decoded.startsWith(base)
    places.set(path, isBelow ? decoded.slice(base.length) : relativePath(path))
  }
  return places
}

/** The query that takes silver as it is, and how many rows it has; the partition columns are our own. */
async function describeSilver(sources: readonly SourceFile[], now: number) {
  let rows = 0
  const schemas = await mapConcurrently(sources, CONCURRENCY, async (source): Promise<FileSchema> => {
    const footer = await blaming(source.key, () => readFooter(source))
    rows += footer.rows
    return { key: source.key, columns: columnsOf(footer), path: source.path }
  })
  const { columns, misfits } = unionSchemas(schemas)
  const [misfit] = misfits
  if (misfit) throw new UsageError(`silver file ${misfit.key} does not fit the others: ${misfit.reason}`)
  const reviews = { view: 'spark_silver', columns }
  const customers = { view: 'none', columns: [] }
  return { query: await compileQuery({ sql: SQL, reviews, customers, now: BigInt(now) * 1000n }), rows }
}

/** Writes each file into the attempt, with a result in its footer from which a lost log can be rebuilt. */
async function copyFiles(
  sources: readonly SourceFile[],
  bronze: readonly BronzeFile[],
  query: CompiledQuery,
  ids: PassIds,
  { store, layout, codecs, silver, now }: TakeoverOptions,
): Promise<SilverFile[]> {
  const plan = await sha256(JSON.stringify(sources.map(({ key, etag }) => [key, etag])))
  const written: SilverFile[] = []
  for (const [item, source] of sources.entries()) {
    const result: ItemResult = {
      ...{ format: FORMAT, operation: 'append', ...ids, plannedAt: new Date(now).toISOString() },
      ...{ item, items: sources.length, plan, query: query.sha256, reviews: [], customers: null },
      bronze:
        item === 0 ? bronze.map(({ key, etag, size, modified, rows }) => ({ key, etag, size, modified, rows })) : [],
      ...{ unparked: [], parked: [], kept: [], excluded: [], supersedes: [], quarantined: [], deferred: [] },
    }
    const writer = store.writer(layout.silverFile(ids, item), { ifNoneMatch: '*' })
    // what it copies comes from the store of the Spark job
    const copy: ObjectWriter['copy'] = (source, range) => copyAcross(writer, silver.store, source, range)
    try {
      const counts = await writeSilver(
        {
          ...{ query, dimensions: [], sources: [source], parked: null },
          silver: silver.store === store ? writer : writerThrough(writer, { copy }),
          metadata: () => resultMetadata(result),
        },
        codecs,
      )
      const size = writer.position
      const outcome = await writer.close()
      if (!outcome.written) throw new UsageError(`another takeover is writing ${ids.batch}: let it finish`)
      written.push({ key: partName(item), size, rows: counts.reduce((sum, each) => sum + each.written, 0) })
    } catch (error) {
      await writer.abort()
      throw error
    }
  }
  return written
}
