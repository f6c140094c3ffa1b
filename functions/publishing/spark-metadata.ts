import type { Layout } from '../lake/layout.ts'
import { sealHint, unsealHint } from '../lake/sealed.ts'
import {
  isCompact,
  nextCompact,
  parseSink,
  printSink,
  type SinkFile,
  SPARK_METADATA,
  sinkName,
} from '../lake/spark-sink.ts'
import type { Store } from '../lake/store.ts'
import type { BatchCommit, Commit } from '../log/commit.ts'
import type { FoldedLog } from '../log/fold.ts'
import { needCommit, readCommit } from '../log/read.ts'
import { BrokenLog, ObjectMissing } from '../runtime/errors.ts'

export interface SparkMetadata {
  readonly store: Store
  readonly layout: Layout
  /** The lake's root as Spark's readers name it, with a slash at its end: `s3a://bucket/`. */
  readonly uri: string
}

/** How far the log has been told: the next id, and the last entry's time. What it says can be computed from the log. */
export interface Position {
  /** The last version told; -1 before the first. */
  readonly version: number
  /** The attempt of the commit at that version: it ties the position to its log. */
  readonly attempt: string
  readonly nextId: number
  readonly time: number
}

/** Id 0 holds no file: it tells a running stream, before there are any, that the log decides. */
const START: Position = { version: -1, attempt: '', nextId: 1, time: 0 }

/** Puts id 0. Must be there before the first silver file, or a stream that runs already lists the directory for ever. */
export async function startSparkMetadata(store: Store, layout: Layout): Promise<void> {
  await store.put(sinkKey(layout, 0), encode(printSink([])), { ifNoneMatch: '*' })
}

/**
 * Tells Spark's readers by path what is committed up to `version`, in the log of Spark's file sink. Each id is a pure
 * function of our log and put-if-absent, so it does not matter who writes it or how often: an append is the next id, a
 * replace goes to the next compact id, whose full list leaves the old files out. Where entries are gone, all is told again
 * from the beginning: for the last one that is seen at once, for others when they are needed. Throws BrokenLog where the
 * entries are of another log.
 */
export async function writeSparkMetadata(version: number, metadata: SparkMetadata): Promise<void> {
  const { store, layout } = metadata
  const last = await readPosition(store, layout)
  if (last.version >= 0 && (await readCommit(store, layout, last.version))?.attempt !== last.attempt) {
    const directory = layout.roots.silver + SPARK_METADATA
    throw new BrokenLog(
      `${directory} tells of another log, and nothing in it is ever written over: remove it, and ${layout.sparkMetadata}`,
    )
  }
  if (last.nextId > 1 && !(await store.head(sinkKey(layout, last.nextId - 1))))
    return tellFrom(START, version, metadata)
  if (last.version >= version) return // when it is more, another run has told it
  try {
    await tellFrom(last, version, metadata)
  } catch (error) {
    if (!(error instanceof ObjectMissing)) throw error
    await tellFrom(START, version, metadata)
  }
}

async function tellFrom(start: Position, version: number, metadata: SparkMetadata): Promise<void> {
  const { store, layout } = metadata
  await startSparkMetadata(store, layout)
  let position = start
  while (position.version < version) {
    const commit = await needCommit(store, layout, position.version + 1)
    position = commit.operation === 'abandon' ? skip(commit, position) : await tell(commit, position, metadata)
  }
  await store.put(layout.sparkMetadata, await sealHint(position))
}

function skip({ version, attempt }: Commit, position: Position): Position {
  return { ...position, version, attempt }
}

async function tell(commit: BatchCommit, position: Position, metadata: SparkMetadata): Promise<Position> {
  const { store, layout, uri } = metadata
  const time = Math.max(position.time, Date.parse(commit.committedAt))
  const root = `${uri}${layout.roots.silver}`
  const added = commit.silver.map(({ key, size }) => {
    return { path: root + commit.location + key, size, modificationTime: time }
  })
  const id = commit.operation === 'replace' ? nextCompact(position.nextId) : position.nextId
  const batch = `${root}ingest_date=${commit.ingestDate}/batch=${commit.batch}/`
  const files = isCompact(id)
    ? [...(await filesBefore(position.nextId, metadata)).filter(({ path }) => !path.startsWith(batch)), ...added]
    : added
  await store.put(sinkKey(layout, id), encode(printSink(files)), { ifNoneMatch: '*' })
  return { version: commit.version, attempt: commit.attempt, nextId: id + 1, time }
}

/**
 * What tells of a commit behind the end of a log, which is older than it was then; undefined where nothing does.
 * Looks no further than the next id, where our position is that of the log's end, as it is whenever nobody is at work.
 */
export async function findEntryBehind(
  store: Store,
  layout: Layout,
  end: Pick<FoldedLog, 'version' | 'attempt'>,
): Promise<string | undefined> {
  const { version, attempt, nextId } = await readPosition(store, layout)
  if (version > end.version) return layout.sparkMetadata
  if (version !== end.version || attempt !== end.attempt) return undefined
  for (const id of new Set([nextId, nextCompact(nextId)])) {
    const key = sinkKey(layout, id)
    if (await store.head(key)) return key
  }
  return undefined
}

/** All files of the ids before one: the last compact one and those after it. */
async function filesBefore(id: number, { store, layout }: SparkMetadata): Promise<SinkFile[]> {
  const compact = nextCompact(id) - 10
  const files: SinkFile[] = []
  for (let each = Math.max(0, compact); each < id; each++) {
    files.push(...parseSink(new TextDecoder().decode(await store.get(sinkKey(layout, each)))))
  }
  return files
}

/** Reads how far the log has been told; the start where that is not known. */
export async function readPosition(store: Store, layout: Layout): Promise<Position> {
  try {
    const hint: Partial<Position> = (await unsealHint(await store.get(layout.sparkMetadata))) ?? {}
    const { version, attempt, nextId, time } = hint
    const whole = [version, nextId, time].every(each => Number.isSafeInteger(each)) && typeof attempt === 'string'
    return whole ? { version: Number(version), attempt, nextId: Number(nextId), time: Number(time) } : START
  } catch (error) {
    if (error instanceof ObjectMissing) return START
    throw error
  }
}

function sinkKey(layout: Layout, id: number): string {
  return `${layout.roots.silver}${SPARK_METADATA}${sinkName(id)}`
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}
