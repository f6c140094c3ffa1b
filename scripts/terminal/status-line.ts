import { visibleLine } from '../../functions/base/visible.ts'

/** Where progress is written: a terminal gets a bar, anything else plain lines. */
export interface Screen {
  readonly isTTY?: boolean
  /** How wide a terminal is; 0 where it does not know. */
  readonly columns?: number
  write(text: string): unknown
}

const BAR = { most: 24, least: 4 }
/** The columns of a terminal that does not know them. */
const USUAL = 80

/** The line that changes at the bottom of a terminal, if there is one. */
let shown: StatusLine | undefined

/** Takes the line away that changes at the bottom: for whoever is about to write something else. */
export function clearStatus(): void {
  shown?.clear()
}

/** A line that changes, below lines that stay. */
export class StatusLine {
  readonly #screen: Screen
  /** Whether lines can change: a terminal that is not told to be dumb, as an editor's is. */
  readonly isLive: boolean

  constructor(screen: Screen) {
    this.#screen = screen
    this.isLive = screen.isTTY === true && process.env.TERM !== 'dumb'
  }

  /**
   * Shows a bar, where `fraction` is known, and the first of some texts that there is room for beside it; the last one at
   * any rate. To be called only where `isLive`.
   */
  show(fraction: number | null, texts: readonly string[]): void {
    const room = (this.#screen.columns || USUAL) - 1 // a line that wraps could not be cleared
    const beside = fraction === null ? 2 : BAR.least + 3
    const text = texts.find(each => beside + each.length <= room) ?? texts.at(-1) ?? ''
    const columns = Math.min(BAR.most, room - 3 - text.length)
    const bar = fraction === null || columns < BAR.least ? '' : `${barOf(fraction, columns)} `
    shown = this
    this.#screen.write(`\r\x1b[2K${`  ${bar}${text}`.slice(0, room)}`)
  }

  clear(): void {
    if (shown !== this) return
    shown = undefined
    this.#screen.write('\r\x1b[2K')
  }

  /** Writes a line that stays. */
  line(text: string): void {
    this.clear()
    this.#screen.write(`${visibleLine(text.trimEnd())}\n`)
  }
}

function barOf(fraction: number, columns: number): string {
  const filled = Math.min(columns, Math.floor(columns * fraction))
  return '█'.repeat(filled) + '░'.repeat(columns - filled)
}
