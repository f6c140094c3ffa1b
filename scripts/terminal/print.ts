import { visible, visibleLine } from '../../functions/base/visible.ts'
import { clearStatus } from './status-line.ts'

/** Prints a text to standard output, and a line feed. Everything that commands print goes through here or `screen`. */
export function print(text = ''): void {
  clearStatus()
  process.stdout.write(`${visible(text)}\n`)
}

/** Prints one line to standard error. */
export function printError(line: string): void {
  clearStatus()
  process.stderr.write(`${visibleLine(line)}\n`)
}

/**
 * Lets a command go on when what it prints is lost, as on a full disk. At the end standard error says so, and the exit status
 * is 1. A reader that has seen enough, like `head`, is no such loss.
 */
export function surviveLostOutput(): void {
  let reason: string | undefined
  process.stdout.on('error', error => {
    const code = 'code' in error ? String(error.code) : error.message
    if (code !== 'EPIPE') reason ??= code
  })
  process.stderr.on('error', () => undefined) // there is no other place to say so
  process.on('exit', () => {
    if (reason === undefined) return
    printError(`standard output failed (${reason}), so what was printed is not complete: the work itself went on`)
    process.exitCode ||= 1
  })
}
