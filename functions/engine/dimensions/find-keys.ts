import { inRange } from '../../base/at.ts'
import { hashBytes, sameBytes } from '../../parquet/pages/byte-table.ts'
import type { PlainValues } from '../../parquet/pages/plain-values.ts'
import { slotBits, tagOf } from './key-index.ts'
import type { OpenDimension } from './open-dimension.ts'

/** The arrays of a snapshot's key index. */
interface Keys {
  /**
   * A slot holds an entry + 1 in its lower bits, and part of the key's hash in the upper ones, so that most other keys are
   * skipped without looking at them (see slotBits). 0 is an empty slot.
   */
  readonly slots: Int32Array
  readonly keys: Uint8Array
  readonly starts: Int32Array
}

/** Keys looked up at a time: few enough to stay in the processor's first cache. */
const BATCH = 512

/** Look-ups of one key, and of many. */
export function keyFinder({ slots, keys, starts }: Keys): Pick<OpenDimension, 'find' | 'findAll'> {
  const mask = slots.length - 1
  const bits = slotBits(starts.length - 1)
  const entries = 2 ** bits - 1

  const findFrom = (first: number, hash: number, bytes: Uint8Array, start: number, end: number): number => {
    const length = end - start
    const tag = tagOf(hash, bits)
    for (let at = first; ; at = (at + 1) & mask) {
      const slot = inRange(slots[at])
      if (slot === 0) return -1
      if (((slot ^ tag) & ~entries) !== 0) continue
      const entry = (slot & entries) - 1
      const key = inRange(starts[entry])
      if (inRange(starts[entry + 1]) - key === length && sameBytes(keys, key, bytes, start, length)) return entry
    }
  }

  const hashes = new Int32Array(BATCH)
  const candidates = new Int32Array(BATCH)
  const places = new Int32Array(BATCH)
  const heads = new Uint8Array(BATCH)

  return {
    find(bytes, start, end) {
      const hash = hashBytes(bytes, start, end)
      return findFrom(hash & mask, hash, bytes, start, end)
    },

    /*
     * The index is larger than the processor's caches, so a look-up waits for memory three times: for the slot, for the
     * place of the key, and for the key. Taken step by step for many keys at once, those waits overlap.
     */
    findAll(values: PlainValues) {
      const found = new Int32Array(values.count)
      if (values.width !== null || starts.length === 1) return found.fill(-1)
      const { bytes, starts: begins, prefix, count } = values
      for (let from = 0; from < count; from += BATCH) {
        const size = Math.min(BATCH, count - from)
        for (let i = 0; i < size; i++) {
          hashes[i] = hashBytes(bytes, inRange(begins[from + i]) + prefix, inRange(begins[from + i + 1]))
        }
        for (let i = 0; i < size; i++) {
          const slot = inRange(slots[inRange(hashes[i]) & mask])
          candidates[i] = slot === 0 ? 0 : (slot & entries) - 1
        }
        for (let i = 0; i < size; i++) places[i] = inRange(starts[inRange(candidates[i])])
        for (let i = 0; i < size; i++) heads[i] = keys[inRange(places[i])] ?? 0 // an empty key may lie at the end
        for (let i = 0; i < size; i++) {
          const start = inRange(begins[from + i]) + prefix
          const end = inRange(begins[from + i + 1])
          const entry = inRange(candidates[i])
          const place = inRange(places[i])
          const isFirst =
            heads[i] === bytes[start] &&
            inRange(starts[entry + 1]) - place === end - start &&
            sameBytes(keys, place, bytes, start, end - start)
          const hash = inRange(hashes[i])
          found[from + i] = isFirst ? entry : findFrom(hash & mask, hash, bytes, start, end)
        }
      }
      return found
    },
  }
}
