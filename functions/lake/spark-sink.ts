/**
 * The log of Spark's file sink (`_spark_metadata/`): readers by path take the files in it and no others. Ids count from 0
 * without gaps; every tenth, 9, 19, …, is `<id>.compact` and holds all files so far. Source: FileStreamSinkLog and
 * CompactibleFileStreamLog of Spark 3.5.
 */
export const SPARK_METADATA = '_spark_metadata/'

/** A committed file: `path` is an absolute, percent-encoded URI; `modificationTime` is in UTC milliseconds. */
export interface SinkFile {
  readonly path: string
  readonly size: number
  readonly modificationTime: number
}

const HEADER = 'v1'
/** Every tenth id holds all files so far (Spark's `spark.sql.streaming.fileSink.log.compactInterval`). */
export const COMPACT_EVERY = 10

/** Whether an id holds all files so far. */
export function isCompact(id: number): boolean {
  return (id + 1) % COMPACT_EVERY === 0
}

/** The next compact id, `id` itself if it is one. */
export function nextCompact(id: number): number {
  return Math.ceil((id + 1) / COMPACT_EVERY) * COMPACT_EVERY - 1
}

/** The name of an id's file. */
export function sinkName(id: number): string {
  return isCompact(id) ? `${id}.compact` : String(id)
}

/** The key of an id in the sink log of the directory `root`, which has a slash at its end. */
export function sinkKey(root: string, id: number): string {
  return `${root}${SPARK_METADATA}${sinkName(id)}`
}

/** An id's content, byte for byte as Spark writes it: no newline at the end. */
export function printSink(files: readonly SinkFile[]): string {
  const lines = files.map(({ path, size, modificationTime }) =>
    JSON.stringify({
      path,
      size,
      isDir: false,
      modificationTime,
      blockReplication: 1,
      blockSize: 33_554_432,
      action: 'add',
    }),
  )
  return [HEADER, ...lines].join('\n')
}

/** Reads an id's content. Throws SyntaxError for anything but Spark's format. Leaves out removed files (`delete`). */
export function parseSink(text: string): SinkFile[] {
  const [header, ...lines] = text.split('\n')
  if (header !== HEADER)
    throw new SyntaxError(`a Spark sink log begins with ${HEADER}, not ${String(header).slice(0, 20)}`)
  const files = new Map<string, SinkFile>()
  for (const line of lines) {
    const entry: unknown = JSON.parse(line)
    if (!isEntry(entry)) throw new SyntaxError('a line of the Spark sink log is not a file')
    const { path, size, modificationTime, action } = entry
    if (action === 'delete') files.delete(path)
    else files.set(path, { path, size, modificationTime })
  }
  return [...files.values()]
}

function isEntry(entry: unknown): entry is SinkFile & { readonly action?: unknown } {
  return typeof entry === 'object' && entry !== null && 'path' in entry && typeof entry.path === 'string'
}
