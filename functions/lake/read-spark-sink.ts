import { mapConcurrently } from '../base/concurrently.ts'
import { BrokenSinkLog } from '../base/errors.ts'
import { parseSink, type SinkFile, SPARK_METADATA, sinkName } from './spark-sink.ts'
import type { Store } from './store.ts'

/** Sink log entries read at once. */
const CONCURRENCY = 16

/**
 * If Spark's file sink wrote a directory, its log says which files are committed; the others are leftovers of failed tasks.
 * Returns the test for a key below `root`, or null if there is no such log.
 */
export async function readCommitted(store: Store, root: string): Promise<((key: string) => boolean) | null> {
  const files = await readSinkFiles(store, root)
  if (!files) return null
  const committed = new Set(files.map(({ path }) => relativePath(path)))
  // a copy of a committed file in a folder beside them is not committed
  return key => committed.has(key.slice(root.length))
}

/** The committed files of the directory `root`, by the log of Spark's file sink; null if there is no such log. */
export async function readSinkFiles(store: Store, root: string): Promise<SinkFile[] | null> {
  const ids = await readSinkIds(store, `${root}${SPARK_METADATA}`)
  if (ids.size === 0) return null
  const newest = Math.max(...ids.keys())
  const compact = Math.max(-1, ...[...ids].filter(([, key]) => key.endsWith('.compact')).map(([id]) => id))
  const keys: string[] = []
  for (let id = Math.max(0, compact); id <= newest; id++) {
    const key = ids.get(id)
    if (key === undefined) throw broken(root, `${sinkName(id)} is missing`)
    keys.push(key)
  }
  const texts = await mapConcurrently(keys, CONCURRENCY, async key => new TextDecoder().decode(await store.get(key)))
  try {
    return texts.flatMap(parseSink)
  } catch (error) {
    throw broken(root, error instanceof Error ? error.message : String(error))
  }
}

/** The ids of one of Spark's metadata logs with their keys: names are `<id>` or `<id>.compact`. */
export async function readSinkIds(store: Store, directory: string): Promise<Map<number, string>> {
  const ids = new Map<number, string>()
  for await (const { key } of store.list(directory)) {
    const [, id] = /^(\d+)(?:\.compact)?$/.exec(key.slice(directory.length)) ?? []
    if (id !== undefined) ids.set(Number(id), key)
  }
  return ids
}

/**
 * The part of a percent-encoded path in one of Spark's logs that is below its sink's root: the name and the `key=value`
 * directories around it. The root itself may have moved.
 */
export function relativePath(path: string): string {
  const segments = decodeURIComponent(path).split('/')
  let from = segments.length - 1
  while (from > 0 && segments[from - 1]?.includes('=')) from--
  return segments.slice(from).join('/')
}

function broken(root: string, reason: string): BrokenSinkLog {
  return new BrokenSinkLog(
    `the log of Spark's file sink in ${root}${SPARK_METADATA} can't be read: ${reason}: repair it, or ignore it (--ignore-spark-metadata)`,
  )
}
