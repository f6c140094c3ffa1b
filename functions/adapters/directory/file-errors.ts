import {
  AccessDenied,
  InvalidKey,
  NameTaken,
  ObjectMissing,
  StoreFull,
  StoreLimit,
  StoreUnavailable,
  StoreUnsuitable,
} from '../../base/errors.ts'
import { excerpt } from '../../lake/keys.ts'

/** The system's name for what went wrong with a file: `ENOENT`. */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}

/**
 * Whether there is no such file. ENAMETOOLONG: a name that the file system can't hold can't be there either. ELOOP: links
 * that lead to each other lead to no file.
 */
export function isMissing(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR', 'EISDIR', 'ENAMETOOLONG', 'ELOOP'].includes(errorCode(error) ?? '')
}

type ErrorClass = new (message: string, options: ErrorOptions) => Error

const FULL = 'free some space, then run again'
const LACKING = 'the file system lacks what a lake needs (hard links, renames, fsync): keep the lake on another'

/** Faults that no retry mends: the error's class, and what is wrong and what to do. */
const PERMANENT: Readonly<Record<string, readonly [ErrorClass, string]>> = {
  ENOSPC: [StoreFull, `the disk is full: ${FULL}`],
  EDQUOT: [StoreFull, `the disk quota is used up: ${FULL}`],
  EMFILE: [StoreLimit, 'this process may not open more files: raise the limit (ulimit -n), then run again'],
  ENFILE: [StoreLimit, 'the system may not open more files: raise its limit (fs.file-max), then run again'],
  EFBIG: [StoreLimit, 'the file system or the process allows no larger file: raise the limit (ulimit -f)'],
  EXDEV: [StoreUnsuitable, 'the directory and its .tmp lie on two volumes: keep the whole of silver/reviews/ on one'],
  EINVAL: [StoreUnsuitable, LACKING],
  ENOTSUP: [StoreUnsuitable, LACKING],
  EOPNOTSUPP: [StoreUnsuitable, LACKING],
  ENOSYS: [StoreUnsuitable, LACKING],
  EMLINK: [StoreUnsuitable, LACKING],
  ENODEV: [StoreUnsuitable, LACKING],
  ENXIO: [StoreUnsuitable, LACKING],
}

/** What stands in the way of a write, where reading would find no object. */
const BLOCKED: typeof PERMANENT = {
  EISDIR: [NameTaken, 'a directory has its name: move it away, then run again'],
  ENOTEMPTY: [NameTaken, 'a directory has its name: move it away, then run again'],
  ENOTDIR: [NameTaken, 'a file has the name of a directory that it needs: move it away, then run again'],
  EEXIST: [NameTaken, 'something else has the name of a directory that it needs: move it away, then run again'],
  ELOOP: [NameTaken, 'symbolic links that lead nowhere have its name: remove them, then run again'],
  ENAMETOOLONG: [InvalidKey, 'its name is longer than the file system allows: move the lake to a shorter path'],
}

/** What the system does not allow, and what to do about it; undefined for any other error. */
export function denial(error: unknown): string | undefined {
  const code = errorCode(error)
  const path = error instanceof Error && 'path' in error ? ` ${error.path}` : ''
  if (code === 'EROFS') return `the file system is read-only${path && ` at${path}`}`
  if (code !== 'EACCES' && code !== 'EPERM') return undefined
  const links = error instanceof Error && 'syscall' in error && error.syscall === 'link'
  const other = links && code === 'EPERM' ? ', and whether the file system has hard links, which a lake needs' : ''
  return `${code}${path && ` at${path}`}, check the directory's owner and mode${other}`
}

/** A fault of the system that no retry mends, as an error that says what to do; undefined for any other. */
export function permanentFault(error: unknown, subject: string, table = PERMANENT): Error | undefined {
  const code = errorCode(error) ?? ''
  const [Fault, text] = table[code] ?? []
  return Fault && text ? new Fault(`${subject}: ${text} (${code})`, { cause: error }) : undefined
}

/** Throws what the file system's error means for a store that reads the object of a key. */
export function translate(key: string): (error: unknown) => never {
  return error => {
    if (isMissing(error)) throw new ObjectMissing(`no object ${excerpt(key)}`, { cause: error })
    return fail(key, error)
  }
}

/** Throws what it means for a store that writes the object of a key. */
export function translateWrite(key: string): (error: unknown) => never {
  return error => {
    const blocked = permanentFault(error, `can't write ${excerpt(key)}`, BLOCKED)
    if (blocked) throw blocked
    return fail(key, error)
  }
}

function fail(key: string, error: unknown): never {
  const reason = errorCode(error)
  if (reason === undefined) throw error
  const denied = denial(error)
  if (denied !== undefined) throw new AccessDenied(`not allowed to use ${excerpt(key)}: ${denied}`, { cause: error })
  const permanent = permanentFault(error, `the directory failed at ${excerpt(key)}`)
  if (permanent) throw permanent
  throw new StoreUnavailable(`the directory failed at ${excerpt(key)}: ${reason}`, { cause: error })
}
