import { sha256, sha256OfBlocks } from '../base/bytes.ts'
import { ObjectMissing } from '../base/errors.ts'
import { type Layout, parseLogKey } from '../lake/layout.ts'
import type { Store } from '../lake/store.ts'
import { type AnyFormat, formatOf, isKnownFormat } from '../protocol/format.ts'
import { decodeTypes, encodeTypes } from '../protocol/type-json.ts'
import type { BatchState } from './batch-state.ts'
import type { BronzeEntry } from './bronze-entries.ts'
import { type Link, readEntry } from './entry.ts'
import { FoldedLog, type Log, type ParkedState, type SupersededVersion } from './fold.ts'

/** A snapshot of the log: a cache that saves reading old commits. */
export interface LogSnapshot {
  readonly state: FoldedLog
  /** The last commit that it holds. */
  readonly link: Link
  bronze(): AsyncIterable<BronzeEntry>
}

/** The first line. `commit` is the SHA-256 of the commit's bytes at that version: it ties the snapshot to its log. */
interface Header {
  readonly format: AnyFormat
  readonly version: number
  readonly attempt: string
  readonly commit: string
  readonly comment: string
  readonly snapshots?: readonly string[]
  /** What earlier versions had in place of `snapshots`. */
  readonly customers?: string | null
  /** Columns, with their types as text. */
  readonly schema: unknown
  readonly reviews: unknown
  readonly batches: number
  readonly parked: number
  readonly abandoned: readonly string[]
  readonly outdated: readonly SupersededVersion[]
  /** Key and etag of each; missing in snapshots of earlier versions. */
  readonly suspects?: readonly (readonly [string, string])[]
}

/** Bytes of text gathered before they are compressed. */
const BLOCK = 1 << 16

/**
 * Writes the log as a snapshot, gzipped lines of JSON: a header, the batches, the parked files, then the bronze files in the
 * order of keys. The name holds a hash of the content, so a reader only trusts what it has read as a whole.
 */
export async function writeLogSnapshot(store: Store, layout: Layout, log: Log): Promise<void> {
  const { state } = log
  const header: Header = {
    format: formatOf({
      absorbs: [...state.batches.values()].flatMap(({ absorbed = [] }) => absorbed.map(({ batch }) => batch)),
    }),
    version: state.version,
    attempt: state.attempt,
    commit: await sha256(await store.get(layout.commit(state.version))),
    comment: state.comment,
    snapshots: state.snapshots,
    schema: encodeTypes(state.schema),
    reviews: encodeTypes(state.reviews),
    batches: state.batches.size,
    parked: state.parked.size,
    abandoned: [...state.abandoned],
    outdated: state.superseded,
    ...(state.suspects.size > 0 && { suspects: [...state.suspects] }),
  }
  const lines = async function* () {
    yield header
    yield* state.batches.values()
    yield* state.parked.values()
    yield* log.bronze()
  }
  const bytes = await gzip(lines())
  await store.put(layout.logSnapshot(state.version, await sha256OfBlocks(bytes)), bytes)
}

/** Removes the snapshots before a version: that of the last but one, kept in case the newest turns out to be damaged. */
export async function pruneLogSnapshots(store: Store, layout: Layout, before: number): Promise<void> {
  const reach = 200 // older ones have been pruned before
  const startAfter = layout.commit(Math.max(0, before - reach))
  for await (const { key } of store.list(layout.log, { startAfter })) {
    const entry = parseLogKey(key)
    if (!entry || entry.version >= before) break
    if (entry.snapshot !== undefined) await store.delete(key)
  }
}

/** Opens a snapshot; undefined if it is not what its name says or is from another log. `batches` is as in readLog. */
export async function openLogSnapshot(
  store: Store,
  layout: Layout,
  name: { readonly version: number; readonly sha256: string },
  batches: boolean,
): Promise<LogSnapshot | undefined> {
  try {
    const key = layout.logSnapshot(name.version, name.sha256)
    const entry = readEntry(store, layout, name.version)
    entry.catch(() => undefined) // what is wrong with the snapshot comes first
    const bytes = await store.get(key)
    if ((await sha256OfBlocks(bytes)) !== name.sha256) return undefined
    const lines = gunzip(bytes)
    const header: unknown = JSON.parse(jsonOf(await lines.next()))
    if (!isHeader(header)) return undefined
    const last = await entry // at the version in the name, so the header's version is that one too
    if (last?.link.hash !== header.commit) return undefined
    const { link, commit } = last
    const state = await readState(header, lines, batches, key)
    state.newest = commit
    return { state, link, bronze: () => readBronze(bytes, header) }
  } catch (error) {
    if (error instanceof ObjectMissing) return undefined // pruned in the meantime
    throw error
  }
}

function isHeader(line: unknown): line is Header {
  return typeof line === 'object' && line !== null && 'format' in line && isKnownFormat(line.format)
}

/** The lines are those that writeLogSnapshot wrote: the hash in the name has shown that. */
async function readState(
  header: Header,
  lines: AsyncGenerator<string, undefined>,
  batches: boolean,
  key: string,
): Promise<FoldedLog> {
  const state = new FoldedLog()
  state.version = header.version
  state.attempt = header.attempt
  state.comment = header.comment
  state.snapshots = header.snapshots ?? (header.customers ? [header.customers] : [])
  state.schema = decodeTypes(header.schema, key)
  state.reviews = decodeTypes(header.reviews, key)
  state.superseded = header.outdated
  for (const attempt of header.abandoned) state.abandoned.add(attempt)
  for (const [key, etag] of header.suspects ?? []) state.suspects.set(key, etag)
  for (let i = 0; i < header.batches; i++) {
    const line = await lines.next()
    if (!batches) continue
    const batch: BatchState = JSON.parse(jsonOf(line))
    state.restore(batch)
  }
  for (let i = 0; i < header.parked; i++) {
    const file: ParkedState = JSON.parse(jsonOf(await lines.next()))
    state.parked.set(file.key, file)
  }
  await lines.return(undefined)
  return state
}

/** A line's JSON; `null` if there is no line. */
function jsonOf({ value = 'null' }: IteratorResult<string, undefined>): string {
  return value
}

async function* readBronze(bytes: Uint8Array<ArrayBuffer>, header: Header): AsyncIterable<BronzeEntry> {
  let skip = 1 + header.batches + header.parked
  for await (const line of gunzip(bytes)) {
    if (skip > 0) skip--
    else yield JSON.parse(line)
  }
}

async function gzip(lines: AsyncIterable<unknown>): Promise<Uint8Array<ArrayBuffer>> {
  const encoder = new TextEncoder()
  const compression = new CompressionStream('gzip')
  const compressed = new Response(compression.readable).arrayBuffer()
  const writer = compression.writable.getWriter()
  let block = ''
  for await (const line of lines) {
    block += `${JSON.stringify(line)}\n`
    if (block.length < BLOCK) continue
    await writer.write(encoder.encode(block))
    block = ''
  }
  await writer.write(encoder.encode(block))
  await writer.close()
  return new Uint8Array(await compressed)
}

/**
 * The lines of a gzipped text. To end early, just stop reading: the stream is never cancelled, because cancelling one that is
 * being decompressed ends the process in Node 24 ("Controller is already closed", thrown where nobody can catch it).
 */
async function* gunzip(bytes: Uint8Array<ArrayBuffer>): AsyncGenerator<string, undefined> {
  const text = slices(bytes).pipeThrough(new DecompressionStream('gzip')).pipeThrough(new TextDecoderStream())
  const reader = text.getReader()
  let rest = ''
  for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
    const lines = (rest + chunk.value).split('\n')
    rest = lines.pop() ?? ''
    yield* lines
  }
  return undefined
}

/** The bytes as a stream, without copying them. */
function slices(bytes: Uint8Array<ArrayBuffer>): ReadableStream<Uint8Array<ArrayBuffer>> {
  let at = 0
  return new ReadableStream({
    pull: controller => {
      if (at >= bytes.length) return controller.close()
      controller.enqueue(bytes.subarray(at, at + BLOCK))
      at += BLOCK
    },
  })
}
