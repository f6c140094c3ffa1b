import { readCommitted } from '../../../functions/lake/read-spark-sink.ts'
import { MIN_COPY_BYTES, type ObjectInfo } from '../../../functions/lake/store.ts'
import { needCommit } from '../../../functions/log/read.ts'
import { type Caps, findCandidates } from '../../../functions/pipeline/plan/candidates.ts'
import { packItems } from '../../../functions/pipeline/plan/pack.ts'
import { selectBatches } from '../../../functions/pipeline/plan/select-replace.ts'
import type { ExecutionInput } from '../../../functions/protocol/input.ts'
import type { BronzeInput } from '../../../functions/protocol/plan.ts'
import { readWholeLog } from '../../../functions/readers/whole-log.ts'
import type { OpenLake } from '../../lakes/lake.ts'
import type { Workload } from '../../summary/price.ts'

/** What a backfill would do, and the batches that it would write again. */
export interface Estimate {
  readonly work: Workload
  readonly batches: readonly string[]
  /** Of the batches that were named, those that are a part of another by now, with that one. */
  readonly packed: readonly (readonly [batch: string, into: string])[]
}

/**
 * Finds what an input means without running anything: lists bronze as Plan does, and packs it as Plan would. Throws
 * BrokenLog.
 */
export async function estimateBackfill(
  { store, layout }: Pick<OpenLake, 'store' | 'layout'>,
  input: ExecutionInput,
  { caps, ignoreSparkMetadata }: { readonly caps: Caps; readonly ignoreSparkMetadata: boolean },
): Promise<Estimate> {
  const { log } = await readWholeLog(store, layout)
  let listed = 0
  const found = await findCandidates({
    store,
    listing: counted(store.list(input.prefix ?? layout.roots.reviews), () => listed++),
    settled: log.bronze(),
    root: layout.roots.reviews,
    isCommitted: ignoreSparkMetadata ? null : await readCommitted(store, layout.roots.reviews),
    input,
    since: null,
    briefly: false,
    caps: { maxFilesPerBatch: Number.POSITIVE_INFINITY, maxBytesPerBatch: Number.POSITIVE_INFINITY },
  })
  if (!input.reprocess) {
    const batches = splitByCaps(found.files, caps)
    return { work: workOf(batches, listed), batches: [], packed: [] }
  }
  const chosen = await selectBatches(log, input.reprocess, { done: [], skipped: [] }, found.changed)
  const isNamed = 'batches' in input.reprocess
  const named = 'batches' in input.reprocess ? input.reprocess.batches : []
  const packed = named.map(id => [id, log.state.holderOf(id)] as const).filter(([id, into]) => id !== into)
  const sources: BronzeInput[][] = []
  const batches: string[] = []
  for (const { batch, version } of chosen) {
    const commit = await needCommit(store, layout, version)
    if (!commit || commit.operation === 'abandon') continue
    // a batch that had nothing but files in quarantine can't be written again; who names one is told so by the run
    if (!isNamed && commit.bronze.length + commit.unparked.length === 0) continue
    sources.push([...commit.bronze])
    batches.push(batch)
  }
  return { work: workOf(sources, listed), batches, packed }
}

async function* counted(listing: AsyncIterable<ObjectInfo>, count: () => void): AsyncIterable<ObjectInfo> {
  for await (const info of listing) {
    count()
    yield info
  }
}

/** The batches that passes of Plan would make, one after another. */
function splitByCaps(files: readonly BronzeInput[], caps: Caps): BronzeInput[][] {
  const batches: BronzeInput[][] = []
  let open: BronzeInput[] = []
  let bytes = 0
  for (const file of files) {
    if (open.length > 0 && (open.length === caps.maxFilesPerBatch || bytes + file.size > caps.maxBytesPerBatch)) {
      batches.push(open)
      open = []
      bytes = 0
    }
    open.push(file)
    bytes += file.size
  }
  return open.length > 0 ? [...batches, open] : batches
}

function workOf(batches: readonly (readonly BronzeInput[])[], listed: number): Workload {
  const files = batches.flat()
  return {
    files: files.length,
    bytes: files.reduce((sum, { size }) => sum + size, 0),
    large: files.filter(({ size }) => size >= MIN_COPY_BYTES).length,
    items: batches.reduce((sum, batch) => sum + packItems(batch, []).length, 0),
    passes: batches.length,
    idle: 0,
    listed,
  }
}
