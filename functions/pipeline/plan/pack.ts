import { MIN_COPY_BYTES } from '../../lake/store.ts'
import type { BronzeInput, Item, PinnedFile } from '../../protocol/plan.ts'

/** Smaller files are packed to this many bytes… */
const ITEM_BYTES = 128 << 20
/** …and this many files… */
const ITEM_FILES = 500
/** …and this many bytes of JSON, so that an item has 64 KiB at most, far from Step Functions' 256 KiB of state. */
const ITEM_JSON = 63 << 10

/**
 * Packs files into items: those whose body the store copies, and those that must be `alone`, get one each; the others
 * share, in the order given. Each item gives one silver file.
 */
export function packItems(
  bronze: readonly BronzeInput[],
  parked: readonly PinnedFile[],
  alone: (file: PinnedFile) => boolean = () => false,
): Item[] {
  const items: Omit<Item, 'item'>[] = [
    ...pack(bronze, alone).map(files => ({ bronze: files, parked: [] })),
    ...pack(parked, alone).map(files => ({ bronze: [], parked: files })),
  ]
  return items.map((item, i) => ({ item: i, ...item }))
}

function pack<File extends PinnedFile>(files: readonly File[], alone: (file: PinnedFile) => boolean): File[][] {
  const packs: File[][] = []
  let open: File[] = []
  let bytes = 0
  let json = 0
  for (const file of files) {
    if (file.size >= MIN_COPY_BYTES || alone(file)) {
      packs.push([file])
      continue
    }
    const length = new TextEncoder().encode(JSON.stringify(file)).length + 1
    if (
      open.length > 0 &&
      (open.length === ITEM_FILES || bytes + file.size > ITEM_BYTES || json + length > ITEM_JSON)
    ) {
      packs.push(open)
      open = []
      bytes = json = 0
    }
    open.push(file)
    bytes += file.size
    json += length
  }
  if (open.length > 0) packs.push(open)
  return packs
}
