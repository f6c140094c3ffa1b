import type { ItemResult } from '../functions/joining/result.ts'
import type { Happening } from './state-machine.ts'
import { visibleLine } from './terminal/visible.ts'
import { bytes, count, duration, many } from './text.ts'

/** Where progress is written: a terminal gets a bar, anything else plain lines. */
export interface Screen {
  readonly isTTY?: boolean
  /** How wide a terminal is. */
  readonly columns?: number
  write(text: string): unknown
}

/** Milliseconds between two plain lines about the items. */
const PLAIN_INTERVAL = 2000
const BAR = 24

/** Shows a run: each state as it is entered and left, and how far the items are. */
export class Progress {
  readonly #screen: Screen
  readonly #clock: () => number
  #entered = 0
  #total = 0
  #done = 0
  #rows = 0
  #planned = 0
  #lastLine = 0

  constructor(screen: Screen, clock: () => number = performance.now.bind(performance)) {
    this.#screen = screen
    this.#clock = clock
  }

  /** Takes what the state machine says. */
  watch(happening: Happening): void {
    if (happening.type === 'entered') this.#enter(happening.state)
    if (happening.type === 'left') this.#leave(happening.state, happening.output)
    if (happening.type === 'retried') this.#line(`  ${happening.state} failed and is tried again`)
    if (happening.type === 'waits')
      this.#line(`  waiting up to half a minute to see whether ${happening.execution} is at work`)
    if (happening.type === 'item') {
      this.#total = happening.total
      this.#done = happening.done
      this.#show()
    }
  }

  /** Takes an item's result, for the rows. */
  joined(result: ItemResult): void {
    for (const file of [...result.bronze, ...result.unparked]) this.#rows += file.rows.read
  }

  #enter(state: string): void {
    if (HIDDEN.has(state)) return
    this.#entered = this.#clock()
    this.#rows = 0
    this.#done = 0
    this.#total = 0
    this.#line(`→ ${state}`)
  }

  #leave(state: string, output: unknown): void {
    if (HIDDEN.has(state)) return
    this.#clear()
    const took = duration(this.#clock() - this.#entered)
    const { text, rows } = describe(state, output)
    if (rows !== undefined) this.#planned = rows
    this.#line(`✓ ${state.padEnd(18)} ${took.padStart(8)}  ${state === 'JoinFiles' ? this.#rate() : text}`)
  }

  #show(): void {
    const now = this.#clock()
    const rate = this.#rows > 0 ? `  ${this.#rate()}` : ''
    const text = `${this.#done}/${many(this.#total, 'item')}${rate}${this.#remains()}`
    if (this.#screen.isTTY) {
      const filled = this.#total === 0 ? BAR : Math.round((BAR * this.#done) / this.#total)
      const bar = '█'.repeat(filled) + '░'.repeat(BAR - filled)
      // a line that wraps could not be cleared
      this.#screen.write(`\r\x1b[2K${`  ${bar} ${text}`.slice(0, (this.#screen.columns ?? 80) - 1)}`)
    } else if (this.#done > 0 && now - this.#lastLine >= PLAIN_INTERVAL) {
      this.#lastLine = now
      this.#line(`  ${text}`)
    }
  }

  /** Rows, where they are told as they come: of a deployed run only the items are known before its end. */
  #rate(): string {
    if (this.#rows === 0 && this.#done > 0) return many(this.#done, 'item')
    const seconds = Math.max(0.001, (this.#clock() - this.#entered) / 1000)
    return `${many(this.#rows, 'row')}, ${count(Math.round(this.#rows / seconds))} rows/s`
  }

  #remains(): string {
    const [done, all] = this.#rows > 0 ? [this.#rows, this.#planned] : [this.#done, this.#total]
    if (done === 0 || all <= done) return ''
    const spent = this.#clock() - this.#entered
    return `, ${duration((spent * (all - done)) / done)} left`
  }

  #clear(): void {
    if (this.#screen.isTTY) this.#screen.write('\r\x1b[2K')
  }

  #line(text: string): void {
    this.#clear()
    this.#screen.write(`${visibleLine(text.trimEnd())}\n`)
  }
}

/** States that only decide where to go. */
const HIDDEN = new Set(['HasWork', 'MoreWork', 'Pause', 'Done', 'NothingNew'])

/** What a state's output says in a few words, and how many rows Plan found. */
function describe(state: string, output: unknown): { readonly text: string; readonly rows?: number } {
  const { work, reason, customers } = output as {
    work?: { files: number; bytes: number; rows: number; items: number } | null
    reason?: string
    customers?: { rows: number; reused: boolean }
  } // the states' outputs, for showing only
  if (state === 'Plan' && work) {
    const text = `${many(work.files, 'file')}, ${bytes(work.bytes)}, ${many(work.rows, 'row')} in ${many(work.items, 'item')}`
    return { text, rows: work.rows }
  }
  if (state === 'Plan') return { text: reason ?? '' }
  if (state === 'LoadCustomers' && customers) {
    if (customers.rows === 0) return { text: 'no customers' }
    return { text: `${many(customers.rows, 'customer')}${customers.reused ? ', snapshot reused' : ''}` }
  }
  if (state === 'Commit') return { text: reason ?? '' }
  return { text: '' }
}
