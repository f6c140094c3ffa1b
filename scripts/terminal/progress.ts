import type { ItemsInHand } from '../../functions/adapters/step-functions/items-in-hand.ts'
import type { Happening } from '../../functions/adapters/step-functions/state-machine.ts'
import { bytes, count, duration, many } from '../../functions/base/text.ts'
import { explainError } from './explain-error.ts'
import { type Screen, StatusLine } from './status-line.ts'

/** Milliseconds between two plain lines about a state that takes long. */
const PLAIN_INTERVAL = 5000
/** Milliseconds after which a clock on the screen goes on. */
const TICK = 500

/** Shows a run, or other work in steps: each state as it is entered and left, and how far the items are. */
export class Progress {
  readonly #status: StatusLine
  readonly #clock: () => number
  /** What the items in hand have read; of a deployed run only their number is known. */
  readonly #items: Pick<ItemsInHand, 'progress'>
  #state: string | undefined
  #entered = 0
  #before = NOTHING
  #total = 0
  #done = 0
  #planned = NOTHING
  #lastLine = 0

  constructor(
    screen: Screen,
    {
      clock = performance.now.bind(performance),
      items = { progress: NOTHING },
    }: { readonly clock?: () => number; readonly items?: Pick<ItemsInHand, 'progress'> } = {},
  ) {
    this.#status = new StatusLine(screen)
    this.#clock = clock
    this.#items = items
  }

  /** Takes what the state machine says. */
  watch(happening: Happening): void {
    if (happening.type === 'entered') this.#enter(happening.state)
    if (happening.type === 'left') this.#leave(happening.state, happening.output)
    if (happening.type === 'waits')
      this.#line(`  waiting up to half a minute to see whether ${happening.execution} is running`)
    if (happening.type === 'retried') {
      const why = happening.error === undefined ? '' : `: ${explainError(happening.error)}`
      this.#line(`  ${happening.state} failed and is retried${why}`)
    }
    if (happening.type === 'item') {
      this.#total = happening.total
      this.#done = happening.done
      this.#show(happening.done > 0)
    }
  }

  /** Does work while the clock on the screen goes on. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    const timer = setInterval(() => this.tick(), TICK)
    try {
      return await work()
    } finally {
      clearInterval(timer)
      this.#status.clear()
    }
  }

  /** Lets the clock go on; to be called every so often. */
  tick(): void {
    if (this.#state !== undefined) this.#show(true)
  }

  #enter(state: string): void {
    if (HIDDEN.has(state)) return
    this.#state = state
    this.#entered = this.#clock()
    this.#lastLine = this.#entered
    this.#before = this.#items.progress
    this.#done = 0
    this.#total = 0
    this.#line(`→ ${state}`)
  }

  #leave(state: string, output: unknown): void {
    if (HIDDEN.has(state)) return
    this.#state = undefined
    const { text, work } = describe(state, output)
    if (work) this.#planned = work
    this.#line(`✓ ${state.padEnd(18)} ${this.#took().padStart(8)}  ${state === 'JoinFiles' ? this.#rate() : text}`)
  }

  /** Shows how far the state is: at once on a terminal, else when it has been a while. */
  #show(isNews: boolean): void {
    const now = this.#clock()
    const [whole = '', ...shorter] = this.#texts()
    if (this.#status.isLive) {
      this.#status.show(this.#total > 0 ? this.#fraction() : null, [whole, ...shorter])
    } else if (isNews && now - this.#lastLine >= PLAIN_INTERVAL) {
      this.#lastLine = now
      this.#line(`  ${whole}`)
    }
  }

  /** How far the state is in words, from all of them to the few that a narrow terminal has room for. */
  #texts(): string[] {
    const took = this.#took()
    const left = this.#remains()
    const joined = (parts: readonly string[]) => parts.filter(part => part !== '').join(', ')
    if (this.#total === 0) return [joined([took, left]), took]
    const items = `${this.#done}/${many(this.#total, 'item')}`
    const { size = '', rows = '', rate = '' } = this.#amount()
    return [
      joined([items, size, rows, rate, took, left]),
      joined([items, size, rate, took, left]),
      joined([items, rate, took, left]),
      joined([items, left === '' ? took : left]),
      items,
    ]
  }

  #took(): string {
    return duration(this.#clock() - this.#entered)
  }

  /** What was read since the state was entered. */
  get #read(): Amount {
    const { bytes, rows } = this.#items.progress
    return { bytes: bytes - this.#before.bytes, rows: rows - this.#before.rows }
  }

  /** What was read so far; nothing where it is not known. */
  #amount(): { readonly size?: string; readonly rows?: string; readonly rate?: string } {
    const { bytes: read, rows } = this.#read
    if (read === 0) return {}
    const size = `${bytes(read)} of ${bytes(Math.max(read, this.#planned.bytes))}`
    return { size, rows: many(rows, 'row'), rate: this.#rateOf(rows) }
  }

  /** Rows and their rate: of a deployed run only the items are known. */
  #rate(): string {
    const { rows } = this.#read
    return rows === 0 && this.#done > 0 ? many(this.#done, 'item') : `${many(rows, 'row')}, ${this.#rateOf(rows)}`
  }

  #rateOf(rows: number): string {
    const seconds = Math.max(0.001, (this.#clock() - this.#entered) / 1000)
    return `${count(Math.round(rows / seconds))} rows/s`
  }

  /** How much of the items is done: by bytes, where those are known. */
  #fraction(): number {
    const { bytes: read } = this.#read
    if (read > 0 && this.#planned.bytes > 0) return Math.min(1, read / this.#planned.bytes)
    return this.#total === 0 ? 0 : this.#done / this.#total
  }

  #remains(): string {
    const done = this.#fraction()
    if (done === 0 || done === 1) return ''
    return `${duration(((this.#clock() - this.#entered) * (1 - done)) / done)} left`
  }

  #line(text: string): void {
    this.#status.line(text)
  }
}

interface Amount {
  readonly bytes: number
  readonly rows: number
}

const NOTHING: Amount = { bytes: 0, rows: 0 }

/** States that only decide where to go. */
const HIDDEN = new Set(['HasWork', 'MoreWork', 'Pause', 'Done', 'NothingNew'])

/** What a state's output says in a few words, and how much Plan found. */
function describe(state: string, output: unknown): { readonly text: string; readonly work?: Amount } {
  const { work, reason, dimensions } = output as {
    work?: { files: number; bytes: number; rows: number; items: number } | null
    reason?: string
    dimensions?: { loaded: readonly { name: string; rows: number; reused: boolean }[] }
  } // the states' outputs, for showing only
  if (state === 'Plan' && work) {
    const text = `${many(work.files, 'file')}, ${bytes(work.bytes)}, ${many(work.rows, 'row')} in ${many(work.items, 'item')}`
    return { text, work }
  }
  if (state === 'Plan') return { text: reason ?? '' }
  if (state === 'LoadDimensions' && dimensions) {
    const { loaded } = dimensions
    if (loaded.length === 0) return { text: 'no dimensions' }
    const texts = loaded.map(({ name, rows, reused }) => `${count(rows)} ${name}${reused ? ', snapshot reused' : ''}`)
    return { text: texts.join('; ') }
  }
  if (state === 'Commit') return { text: reason ?? '' }
  return { text: '' }
}
