import { BrokenLog, ObjectMissing, StoreUnavailable } from '../../base/errors.ts'
import { orUndefined } from '../../base/or-undefined.ts'
import type { Lake } from '../../lake/lake.ts'
import type { Layout } from '../../lake/layout.ts'
import { sealHint, unsealHint } from '../../lake/sealed.ts'
import { isCompact, nextCompact, printSink, type SinkFile, SPARK_METADATA, sinkKey } from '../../lake/spark-sink.ts'
import type { PutOutcome, Store } from '../../lake/store.ts'
import type { FoldedLog } from '../../log/fold.ts'
import { readLog } from '../../log/read.ts'
import { writerOf } from '../../protocol/writers.ts'
import type { Reader } from '../reader.ts'
import { findNewestId, readTold, type SinkTold } from './spark-told.ts'

export interface SparkMetadata extends Lake {
  /** The lake's root as Spark's readers name it, with a slash at its end: `s3a://bucket/`. */
  readonly uri: string
}

/** How far Spark's readers have come: a hint, which saves reading the entries. */
export interface Position {
  /** The last version published; -1 before the first. */
  readonly version: number
  /** The attempt of the commit at that version: it ties the position to its log. */
  readonly attempt: string
  readonly nextId: number
  readonly uri: string
}

/** The hint before anything was told. Id 0 holds no file: it makes a running stream go by the log. */
const START: Position = { version: -1, attempt: '', nextId: 0, uri: '' }

/** Entries that one call puts or finds put: ten ids may be lost, and other runs may be faster now and then. */
const TRIES = 30

/** Puts id 0. Must be there before the first silver file, or a stream that is already running lists the directory forever. */
export async function startSparkMetadata(store: Store, layout: Layout): Promise<void> {
  await putEntry({ store, layout }, 0, [])
}

/** Spark, whose readers by path go by the log of its file sink. */
export function sparkSink(metadata: SparkMetadata): Reader {
  return {
    name: "Spark's sink log",
    open: async () => {
      const hint = await readPosition(metadata.store, metadata.layout)
      return {
        version: hint.version,
        tell: async ({ log, check }) => {
          await writeSparkMetadata(log, metadata, check, hint)
          return { complete: true }
        },
      }
    },
  }
}

/**
 * Makes the log of Spark's file sink say what is committed. What it says is read and compared with the commits, by each
 * file's key in the lake: one that is missing goes into the next id; where one is too many, damaged, or lies elsewhere
 * than in this lake, the next compact id lists all files again, however many batches were replaced. A lost id is put
 * again with what is missing. Each id is put-if-absent, and read again when another run was quicker.
 *
 * A run without news trusts the hint, unless the check is to be `thorough`. Throws BrokenLog where an entry names a
 * silver file that is there and that no commit has: the log has lost its commit.
 */
export async function writeSparkMetadata(
  given: FoldedLog,
  metadata: SparkMetadata,
  thorough = true,
  read?: Position,
): Promise<void> {
  const { store, layout, uri } = metadata
  if (given.version < 0) return
  const hint = read ?? (await readPosition(store, layout))
  let known = hint
  const current = hint.version === given.version && hint.attempt === given.attempt && hint.uri === uri
  if (current && !thorough && (await store.head(sinkKey(layout.roots.silver, hint.nextId - 1)))) return
  // the log was read before the entries, which may name commits that it lacks
  let state = hint.version > given.version ? (await readLog(store, layout)).state : given
  let newest = await findNewestId(store, layout, hint.nextId)
  for (let tries = 1; ; tries++) {
    if (tries > TRIES) throw new StoreUnavailable(`other runs kept writing ${layout.roots.silver}${SPARK_METADATA}`)
    const told = await readTold(store, layout, newest)
    let step = nextStep(told, wantedFiles(state, metadata))
    if (step?.drops) {
      state = (await readLog(store, layout)).state
      const lost = await findUnknown(step.drops, state, metadata)
      if (lost !== undefined)
        throw new BrokenLog(
          `${layout.roots.silver}${SPARK_METADATA} names ${lost}, which is there, but the log has no commit of it: ` +
            'restore its newest copy, or npx silversmith rebuild',
        )
      step = nextStep(told, wantedFiles(state, metadata))
    }
    if (!step) break
    // while the hint says that everything was published, an entry newer than it means a log that lost its end
    if (known.version >= state.version) {
      known = START
      await remember(metadata, known)
    }
    const { written } = await putEntry(metadata, step.id, step.files)
    newest = await findNewestId(store, layout, Math.max(told.newest, step.id) + 1)
    if (written && step.last && newest === step.id) break
  }
  await keepInterval(metadata, newest)
  const { version, attempt } = state
  const next = { version, attempt, nextId: newest + 1, uri }
  if (JSON.stringify(next) !== JSON.stringify(known)) await remember(metadata, next)
}

/** An entry to put. */
interface Step {
  readonly id: number
  readonly files: readonly SinkFile[]
  /** Whether everything is published once it is there. */
  readonly last: boolean
  /** Files that readers see and no commit has, by their keys below the silver root. */
  readonly drops?: readonly string[]
}

/** What has to be put so that the entries say what is wanted; undefined for nothing. Pure. */
function nextStep(told: SinkTold, wanted: ReadonlyMap<string, SinkFile>): Step | undefined {
  const right = new Map<string, SinkFile>()
  const drops: string[] = []
  let wrong = told.damaged
  for (const file of told.files) {
    const key = keyOf(file.path)
    const want = wanted.get(key)
    if (!want) drops.push(key)
    if (!want || right.has(key) || !isSame(file, want)) wrong = true
    else right.set(key, file)
  }
  const missing = [...wanted].filter(([key]) => !right.has(key)).map(([, file]) => file)
  // streams know files by their paths, so entries that are right stay as they were
  const all = () => [...wanted].map(([key, file]) => right.get(key) ?? file)
  if (told.gap === 0) return { id: 0, files: [], last: false }
  if (told.gap !== undefined) return { id: told.gap, files: missing, last: false }
  if (wrong) return { id: nextCompact(told.newest + 1), files: all(), last: true, ...(drops.length > 0 && { drops }) }
  if (missing.length === 0) return undefined
  const id = told.newest + 1
  return { id, files: isCompact(id) ? all() : missing, last: true }
}

/** The same file, though maybe by another of S3's schemes. */
function isSame(told: SinkFile, want: SinkFile): boolean {
  const place = ({ path }: SinkFile) => path.replace(/^s3[an]?:/, 's3:')
  return told.size === want.size && told.modificationTime === want.modificationTime && place(told) === place(want)
}

/**
 * The committed files by their keys below the silver root, in the order of the commits that wrote their rows. Their
 * times do not go back. Packed files have the time of their rows: a stream skips what is over 7 days (`maxFileAge`)
 * older than the newest file that it has seen.
 */
function wantedFiles({ batches }: FoldedLog, { layout, uri }: SparkMetadata): ReadonlyMap<string, SinkFile> {
  const wanted = new Map<string, SinkFile>()
  let modificationTime = 0
  for (const batch of [...batches.values()].sort((a, b) => writerOf(a).version - writerOf(b).version)) {
    modificationTime = Math.max(modificationTime, Date.parse(writerOf(batch).committedAt))
    for (const { key, size } of batch.silver) {
      const path = `${uri}${layout.roots.silver}${batch.location}${key}`
      wanted.set(batch.location + key, { path, size, modificationTime })
    }
  }
  return wanted
}

/** A silver file's key below the silver root, of its URI: `ingest_date=…/batch=…/<attempt>/<file>`. */
function keyOf(path: string): string {
  return path.split('/').slice(-4).join('/')
}

/** The first of some keys whose file is there though no commit has it; files are published after their commit. */
async function findUnknown(
  keys: readonly string[],
  state: FoldedLog,
  { store, layout }: Lake,
): Promise<string | undefined> {
  const known = state.attempts()
  for (const key of keys) {
    if (!key.startsWith('ingest_date=') || known.has(key.split('/')[2] ?? '')) continue
    if (await store.head(layout.roots.silver + key)) return key
  }
  return undefined
}

/** Spark takes the distance of the two newest compact ids for that of all. Nobody reads what an older one says. */
async function keepInterval(lake: Lake, newest: number): Promise<void> {
  const before = nextCompact(newest + 1) - 20
  if (before >= 0 && !(await lake.store.head(sinkKey(lake.layout.roots.silver, before))))
    await putEntry(lake, before, [])
}

/**
 * What names a commit after the end of a log, which is older than it was then; undefined where nothing does.
 * Looks no further than the next id, where our position is that of the log's end, as it is whenever nobody is running.
 */
export async function findEntryBehind(
  store: Store,
  layout: Layout,
  end: Pick<FoldedLog, 'version' | 'attempt'>,
  { version, attempt, nextId }: Position,
): Promise<string | undefined> {
  if (version > end.version) return layout.sparkMetadata
  if (version !== end.version || attempt !== end.attempt) return undefined
  const ids = [...new Set([nextId, nextCompact(nextId)])]
  const heads = await Promise.all(ids.map(id => store.head(sinkKey(layout.roots.silver, id))))
  for (const [i, id] of ids.entries()) {
    const key = sinkKey(layout.roots.silver, id)
    if (!heads[i]) continue
    const keys = (await readTold(store, layout, id)).files.map(({ path }) => keyOf(path))
    // the position may be wrong as well
    if ((await findUnknown(keys, (await readLog(store, layout)).state, { store, layout })) !== undefined) return key
  }
  return undefined
}

/** Reads the hint; one that is not a hint, or is damaged, counts as none. */
export async function readPosition(store: Store, layout: Layout): Promise<Position> {
  const bytes = await orUndefined(store.get(layout.sparkMetadata), ObjectMissing)
  const hint: Partial<Position> = (bytes && (await unsealHint(bytes))) ?? {}
  const { version, attempt, nextId, uri = '' } = hint
  const whole = [version, nextId].every(each => Number.isSafeInteger(each)) && typeof attempt === 'string'
  return whole ? { version: Number(version), attempt, nextId: Number(nextId), uri } : START
}

async function remember({ store, layout }: Lake, position: Position): Promise<void> {
  await store.put(layout.sparkMetadata, await sealHint(position))
}

/** Puts an id, unless it is there. */
function putEntry({ store, layout }: Lake, id: number, files: readonly SinkFile[]): Promise<PutOutcome> {
  const text = new TextEncoder().encode(printSink(files))
  return store.put(sinkKey(layout.roots.silver, id), text, { ifNoneMatch: '*' })
}
