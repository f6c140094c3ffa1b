import type { ServerResponse } from 'node:http'
import { SAFE_HEADERS } from './guard.ts'
import type { LakeWatch } from './lake-watch.ts'

/**
 * Tells browsers by server-sent events that something has changed, so that they ask again. The lake is looked at only while
 * somebody listens.
 */
export class LiveEvents {
  readonly #watch: () => LakeWatch
  readonly #interval: number
  readonly #listeners = new Set<ServerResponse>()
  #timer: NodeJS.Timeout | undefined
  #last = ''
  #looking = false

  /** `interval` is the milliseconds between two looks. */
  constructor(watch: () => LakeWatch, interval: number) {
    this.#watch = watch
    this.#interval = interval
  }

  add(response: ServerResponse): void {
    response.writeHead(200, { ...SAFE_HEADERS, 'content-type': 'text/event-stream', connection: 'keep-alive' })
    response.write(': here\n\n')
    this.#listeners.add(response)
    response.on('close', () => {
      this.#listeners.delete(response)
      if (this.#listeners.size === 0) this.#stop()
    })
    this.#timer ??= setInterval(() => void this.look(), this.#interval)
  }

  /** Looks at the lake, and tells everybody where it is another than at the last look. */
  async look(): Promise<void> {
    if (this.#looking || this.#listeners.size === 0) return
    this.#looking = true
    try {
      const { totals, published, run, runs, bronze, troubles } = await this.#watch().now()
      const now = JSON.stringify({ totals, published, run, last: runs.at(-1), bronze, troubles: troubles.length })
      if (now === this.#last) return
      this.#last = now
      this.tell()
    } catch {
      // the views say what is wrong; the next look may be luckier
    } finally {
      this.#looking = false
    }
  }

  /** Tells everybody that something is another than before. */
  tell(): void {
    for (const response of this.#listeners) response.write('event: change\ndata: {}\n\n')
  }

  close(): void {
    for (const response of this.#listeners) response.destroy()
    this.#stop()
  }

  #stop(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
  }
}
