import { mapConcurrently } from '../../base/concurrently.ts'
import { ObjectMissing } from '../../base/errors.ts'
import { orUndefined } from '../../base/or-undefined.ts'
import type { Layout } from '../../lake/layout.ts'
import { readSinkIds } from '../../lake/read-spark-sink.ts'
import {
  COMPACT_EVERY,
  nextCompact,
  parseSink,
  printSink,
  type SinkFile,
  SPARK_METADATA,
  sinkKey,
} from '../../lake/spark-sink.ts'
import type { Store } from '../../lake/store.ts'

/** What Spark's readers by path see: the newest list of all files and the entries after it. */
export interface SinkTold {
  /** The newest id; -1 for none. */
  readonly newest: number
  /** The first of those ids that is not there. */
  readonly gap: number | undefined
  /** Whether one of them is not as it was written. */
  readonly damaged: boolean
  readonly files: readonly SinkFile[]
}

/** The newest id of the silver table's sink log, -1 for none. `nextId` is where it should go on: if that is right, nothing is listed. */
export async function findNewestId(store: Store, { roots }: Layout, nextId: number): Promise<number> {
  const there = (id: number) => store.head(sinkKey(roots.silver, id))
  if (nextId > 0) {
    const [last, next, compact] = await Promise.all([nextId - 1, nextId, nextCompact(nextId)].map(there))
    if (last && !next && !compact) return nextId - 1
  }
  return Math.max(-1, ...(await readSinkIds(store, `${roots.silver}${SPARK_METADATA}`)).keys())
}

/** Reads what readers see where `newest` is the newest id. */
export async function readTold(store: Store, { roots }: Layout, newest: number): Promise<SinkTold> {
  const first = Math.max(0, nextCompact(newest + 1) - COMPACT_EVERY)
  const ids = Array.from({ length: Math.max(1, newest - first + 1) }, (_, i) => first + i)
  const texts = await mapConcurrently(ids, ids.length, id => readEntry(store, sinkKey(roots.silver, id)))
  const gap = texts.indexOf(undefined)
  const entries = texts.filter(text => text !== undefined).map(parseEntry)
  return {
    newest,
    gap: gap < 0 ? undefined : ids[gap],
    damaged: entries.includes(undefined),
    files: entries.flatMap(files => files ?? []),
  }
}

async function readEntry(store: Store, key: string): Promise<string | undefined> {
  const bytes = await orUndefined(store.get(key), ObjectMissing)
  return bytes && new TextDecoder().decode(bytes)
}

/** An entry's files; undefined for what Spark's file sink would not write. */
function parseEntry(text: string): readonly SinkFile[] | undefined {
  try {
    const files = parseSink(text)
    return printSink(files) === text ? files : undefined
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
