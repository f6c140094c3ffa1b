import { existsSync, type FSWatcher, watch } from 'node:fs'
import { join } from 'node:path'
import { isRetryable } from '../../functions/base/errors.ts'
import type { BatchCommit } from '../../functions/protocol/commit.ts'
import type { LocalLake } from '../lakes/lake.ts'
import { commitsOf } from '../summary/summary.ts'
import { Interrupted, interruptible } from '../terminal/interrupt.ts'
import { type LocalRun, runLocal } from './run-local.ts'

/** Milliseconds without an event after which files count as whole. */
const QUIET = 300
/** Milliseconds between two looks at whether to stop. */
const STEP = 100

export interface Watching {
  /** Milliseconds from one run to the next where no event comes: on S3 none does. */
  readonly every: number
  /** Told each commit, and how long after it every reader knew of it (UTC milliseconds). */
  readonly committed: (commit: BatchCommit, visible: number) => void
  /** Told of an error that passes by itself: the next run tries again. */
  readonly failed: (error: Error) => void
}

/**
 * Runs the state machine again and again: when a file lands in a lake's directory, and every so often. Returns when it is
 * interrupted, once the items in hand are done. Throws errors that would come again.
 */
export async function watchLake(
  run: Pick<LocalRun, 'input' | 'settings'> & { readonly lake: LocalLake },
  { every, committed, failed }: Watching,
): Promise<void> {
  const { store, layout, root, record } = run.lake
  const news = new News(root !== null && record.reviews === null ? join(root, 'bronze') : null)
  try {
    await interruptible(async stopping => {
      for (;;) {
        news.forget()
        try {
          const state = await runLocal({ ...run, stopping })
          const visible = Date.now()
          for (const commit of await commitsOf(store, layout, state)) committed(commit, visible)
        } catch (error) {
          if (!(error instanceof Error) || !isRetryable(error)) throw error
          failed(error)
        }
        await news.wait(every, stopping)
      }
    })
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error
  } finally {
    news.close()
  }
}

/** What a directory's events say: that something has landed, and since when it is quiet. */
class News {
  readonly #watcher: FSWatcher | null
  #last: number | null = null

  /** Watches a directory, if there is one. */
  constructor(directory: string | null) {
    this.#watcher =
      directory !== null && existsSync(directory)
        ? watch(directory, { recursive: true }, () => {
            this.#last = performance.now()
          })
        : null
    // a directory that can't be watched, or not any more, is looked at every so often
    this.#watcher?.on('error', () => this.close())
  }

  forget(): void {
    this.#last = null
  }

  /** Waits until something has landed and is whole, for at most a time in milliseconds. `stopping` may throw meanwhile. */
  async wait(longest: number, stopping: () => void): Promise<void> {
    for (const started = performance.now(); ; ) {
      stopping()
      const now = performance.now()
      if (this.#last === null ? now - started >= longest : now - this.#last >= QUIET) return
      await new Promise(done => setTimeout(done, STEP))
    }
  }

  close(): void {
    this.#watcher?.close()
  }
}
