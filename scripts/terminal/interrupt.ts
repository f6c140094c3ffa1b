import { printError } from './print.ts'

/** The work was interrupted by who started it: the exit status is 130, as shells have it. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted'
}

/**
 * Milliseconds in which signals are one: Ctrl-C reaches every process of the terminal's group, and npm and npx pass on what
 * they get.
 */
const ONE = 500

/**
 * Does work that can be interrupted. The first SIGINT or SIGTERM asks it to stop: `stopping` throws from then on, where new
 * work would be begun, and what is in hand is finished. A second one ends the process.
 */
export async function interruptible<T>(work: (stopping: () => void) => Promise<T>): Promise<T> {
  let first: number | undefined
  const asked = (signal: NodeJS.Signals) => {
    const now = performance.now()
    if (first === undefined) {
      first = now
      process.stderr.write('\n') // Ctrl-C is shown as ^C on the line that is being written
      printError('stopping when the items in hand are done; press again to stop at once')
    } else if (now - first > ONE) process.exit(signal === 'SIGINT' ? 130 : 143)
  }
  const signals = ['SIGINT', 'SIGTERM'] as const
  for (const signal of signals) process.on(signal, asked)
  try {
    return await work(() => {
      if (first !== undefined)
        throw new Interrupted('stopped: what is committed stays, and the same command takes the rest')
    })
  } finally {
    for (const signal of signals) process.off(signal, asked)
  }
}
