import { UsageError } from '../base/refusal.ts'
import { readSinkIds } from '../lake/read-spark-sink.ts'
import { SPARK_METADATA } from '../lake/spark-sink.ts'
import type { Store } from '../lake/store.ts'

/** A bronze file that a Spark job has processed for good. */
export interface ProcessedFile {
  /** As the checkpoint has it: an absolute, percent-encoded URI. */
  readonly path: string
  /** When it was written, UTC milliseconds. */
  readonly timestamp: number
}

/**
 * The bronze files that are committed by a Structured Streaming job with one file source, from its checkpoint and the log of
 * its sink. The last committed batch is the newest one that either knows; its offset says how far the source's own log
 * counts. Source: FileStreamSourceLog, OffsetSeq and CommitLog of Spark 3.5.
 */
export async function readCheckpoint(
  checkpoint: { readonly store: Store; readonly root: string; readonly name?: string | undefined },
  sink: { readonly store: Store; readonly root: string },
): Promise<ProcessedFile[]> {
  const { store, root, name = root } = checkpoint
  const commits = await readSinkIds(store, `${root}commits/`)
  const written = await readSinkIds(sink.store, `${sink.root}${SPARK_METADATA}`)
  const last = Math.max(-1, ...commits.keys(), ...written.keys())
  if (last < 0) throw new UsageError(`no batch is committed in ${name}: is it a Spark checkpoint?`)
  const offset = await readOffset(store, root, last)
  const entries = await readSinkIds(store, `${root}sources/0/`)
  const compact = Math.max(-1, ...[...entries].filter(([, key]) => key.endsWith('.compact')).map(([id]) => id))
  const files: ProcessedFile[] = []
  for (const [id, key] of [...entries].sort(([a], [b]) => a - b)) {
    if (id < compact || (id > offset && id !== compact)) continue
    const lines = (await text(store, key)).split('\n')
    if (lines.shift() !== 'v1') throw new UsageError(`${key} is not of version v1 of Spark's source log`)
    for (const line of lines.filter(each => each !== '')) {
      const { path, timestamp, batchId } = JSON.parse(line)
      if (batchId <= offset) files.push({ path, timestamp })
    }
  }
  return files
}

/** `logOffset` of the job's only source after a batch: `v1`, a line about the batch, then a line per source. */
async function readOffset(store: Store, root: string, batch: number): Promise<number> {
  const key = `${root}offsets/${batch}`
  const [version, , ...sources] = (await text(store, key)).split('\n').filter(line => line !== '')
  if (version !== 'v1') throw new UsageError(`${key} is not of version v1 of Spark's offset log`)
  const [source, ...others] = sources
  if (source === undefined || others.length > 0) {
    throw new UsageError(`${key} has ${sources.length} sources: only a job with one file source can be taken over`)
  }
  const { logOffset } = JSON.parse(source)
  if (!Number.isInteger(logOffset)) throw new UsageError(`${key} has no logOffset: its source is not a file source`)
  return logOffset
}

async function text(store: Store, key: string): Promise<string> {
  return new TextDecoder().decode(await store.get(key))
}
