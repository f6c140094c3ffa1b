import { excerpt } from '../functions/lake/keys.ts'
import { AccessDenied, ObjectMissing, StoreUnavailable } from '../functions/runtime/errors.ts'

/** The system's name for what went wrong with a file: `ENOENT`. */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}

/** Whether there is no such file. ENAMETOOLONG: a name that the file system can't hold can't be there either. */
export function isMissing(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR', 'EISDIR', 'ENAMETOOLONG'].includes(errorCode(error) ?? '')
}

/** What the system does not allow, and what to do about it; undefined for any other error. */
export function denial(error: unknown): string | undefined {
  const code = errorCode(error)
  const path = error instanceof Error && 'path' in error ? ` ${error.path}` : ''
  if (code === 'EROFS') return `the file system is read-only${path && ` at${path}`}`
  if (code === 'EACCES' || code === 'EPERM')
    return `${code}${path && ` at${path}`}, check the directory's owner and mode`
  return undefined
}

/** Throws what the file system's error means for a store, at the object of a key. */
export function translate(key: string): (error: unknown) => never {
  return error => {
    const reason = errorCode(error)
    if (reason === undefined) throw error
    if (isMissing(error)) throw new ObjectMissing(`no object ${excerpt(key)}`, { cause: error })
    const denied = denial(error)
    if (denied !== undefined) throw new AccessDenied(`not allowed to use ${excerpt(key)}: ${denied}`, { cause: error })
    throw new StoreUnavailable(`the directory failed at ${excerpt(key)}: ${reason}`, { cause: error })
  }
}
