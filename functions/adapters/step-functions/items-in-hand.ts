import { AsyncLocalStorage } from 'node:async_hooks'
import * as v from 'valibot'
import type { Store } from '../../lake/store.ts'
import { writerThrough } from '../../lake/writer-through.ts'

/** How far one item is. */
interface Hand {
  bytes: number
  rows: number
  /** The bytes of its files: it never counts for more. */
  readonly size: number
}

const sized = v.array(v.object({ size: v.number() }))
const payloadSchema = v.object({ item: v.object({ bronze: sized, parked: sized }) })

/** Counts what join workers read while they are at it: an item may take minutes, and its result comes at its end. */
export class ItemsInHand {
  readonly #current = new AsyncLocalStorage<Hand>()
  readonly #hands = new Set<Hand>()
  #bytes = 0
  #rows = 0

  /** Works on the item of a join worker's input. What a failed try has read no longer counts. */
  async work<T>(payload: unknown, join: () => Promise<T>): Promise<T> {
    const { success, output } = v.safeParse(payloadSchema, payload)
    const files = success ? [...output.item.bronze, ...output.item.parked] : []
    const hand = { bytes: 0, rows: 0, size: files.reduce((sum, { size }) => sum + size, 0) }
    this.#hands.add(hand)
    try {
      const result = await this.#current.run(hand, join)
      this.#bytes += hand.size
      this.#rows += hand.rows
      return result
    } finally {
      this.#hands.delete(hand)
    }
  }

  /** Notes rows that the running item has looked at. */
  readonly addRows = (rows: number): void => {
    const hand = this.#current.getStore()
    if (hand) hand.rows += rows
  }

  /** A store whose reads and copies count for the item that they are made for. */
  counted(store: Store): Store {
    const add = (bytes: number) => {
      const hand = this.#current.getStore()
      if (hand) hand.bytes += bytes
    }
    return {
      get: async (key, options) => {
        const bytes = await store.get(key, options)
        add(bytes.length)
        return bytes
      },
      head: key => store.head(key),
      put: (key, body, condition) => store.put(key, body, condition),
      delete: key => store.delete(key),
      list: (prefix, options) => store.list(prefix, options),
      writer: (key, condition) => {
        const writer = store.writer(key, condition)
        return writerThrough(writer, {
          copy: async (source, range) => {
            await writer.copy(source, range)
            add(range.end - range.start)
          },
        })
      },
    }
  }

  /** The bytes and rows of the items that are done, and of those in hand as far as they are. */
  get progress(): { readonly bytes: number; readonly rows: number } {
    let [bytes, rows] = [this.#bytes, this.#rows]
    for (const hand of this.#hands) {
      bytes += Math.min(hand.bytes, hand.size)
      rows += hand.rows
    }
    return { bytes, rows }
  }
}
