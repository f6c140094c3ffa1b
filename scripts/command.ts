import { type ParseArgsConfig, parseArgs } from 'node:util'

/** A mistake in how a command was called, or in what it was given. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** Runs a command: exit status 0, or not with one line on stderr that says what, where and what to do. */
export async function command(run: () => Promise<void>): Promise<void> {
  // a reader that has seen enough, like `head`, is no reason to leave the work half done
  process.stdout.on('error', error => {
    if (!('code' in error && error.code === 'EPIPE')) throw error
  })
  try {
    await run()
  } catch (error) {
    const { name, message } = error instanceof Error ? error : new Error(String(error))
    process.stderr.write(`${name === 'UsageError' ? '' : `${name}: `}${message.replaceAll(/\s*\n\s*/g, ' ')}\n`)
    process.exitCode = 1
  }
}

/** Reads a command's options. Unknown ones are refused with the usage line. */
export function options<Options extends NonNullable<ParseArgsConfig['options']>>(usage: string, known: Options) {
  try {
    return parseArgs({ options: known, allowPositionals: true })
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : error}: usage: ${usage}`)
  }
}

/** Reads an option that is a whole number, at least 1. */
export function wholeNumber(name: string, text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value < 1)
    throw new UsageError(`--${name} must be a whole number from 1, not ${text}`)
  return value
}
