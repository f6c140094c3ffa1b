import { SilversmithError } from '../../base/errors.ts'

/** Why one file of an item can't be joined; the caller continues without the file and records the reason. */
export abstract class FileFault extends Error {
  abstract override readonly name: string
  readonly key: string
  readonly reason: string

  constructor(key: string, reason: string, options?: ErrorOptions) {
    const line = oneLine(reason)
    super(`${key}: ${line}`, options)
    this.key = key
    this.reason = line
  }
}

/** The file's rows can't be read: it is quarantined. */
export class UnreadableFile extends FileFault {
  override readonly name = 'UnreadableFile'
}

/** The worker died of this file or another one of its item: if it was alone it is quarantined, otherwise tried alone. */
export class DeadlyFile extends FileFault {
  override readonly name = 'DeadlyFile'
  readonly alone: boolean

  constructor(key: string, reason: string, alone: boolean) {
    super(key, reason)
    this.alone = alone
  }
}

/** The file is gone or has changed since it was planned: it is left to a later run. */
export class SourceGone extends FileFault {
  override readonly name = 'SourceGone'
}

/** A reason as one line of at most 280 characters: it may name columns, whose names are hostile input. */
export function oneLine(reason: string): string {
  const line = reason.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ')
  return line.length > 280 ? `${line.slice(0, 279)}…` : line
}

const storeErrors = new WeakSet<object>()

/** Marks an error as the store's, so that no file is blamed for it. Returns the error. */
export function fromStore(error: unknown): unknown {
  if (typeof error === 'object' && error !== null) storeErrors.add(error)
  return error
}

/** Whether an error is not about the content of a file, but about the store, or has a name of its own. */
export function isNoFileFault(error: unknown): boolean {
  return error instanceof SilversmithError || (typeof error === 'object' && error !== null && storeErrors.has(error))
}

/**
 * Runs code that reads one file. Anything wrong with its content, foreseen or not, becomes an UnreadableFile with its key:
 * one odd file must never stop the others. What the store throws passes through.
 */
export async function blaming<T>(key: string, read: () => T | Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (error) {
    throw blame(key, error)
  }
}

/** An error while a file was read as an UnreadableFile, or the error itself if it is not about the file's content. */
export function blame(key: string, error: unknown): unknown {
  if (error instanceof FileFault || isNoFileFault(error)) return error
  const message = error instanceof Error ? error.message : String(error)
  // a ParquetError says what is wrong with the file; anything else was not foreseen
  const foreseen = error instanceof Error && error.name === 'ParquetError'
  return new UnreadableFile(key, foreseen ? message : `reading it failed: ${message}`, { cause: error })
}
