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
function isMissing(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR', 'EISDIR', 'ENAMETOOLONG', 'ELOOP'].includes(errorCode(error) ?? '')
}

/** Undefined for an error that says there is no such file. Throws all others. */
export function ifMissing(error: unknown): undefined {
  if (!isMissing(error)) throw error
  return undefined
}

type Make = (message: string, options: ErrorOptions) => Error
const full: Make = (message, options) => new StoreFull(message, options)
const limit: Make = (message, options) => new StoreLimit(message, options)
const unsuitable: Make = (message, options) => new StoreUnsuitable(message, options)
const taken: Make = (message, options) => new NameTaken(message, options)
const invalid: Make = (message, options) => new InvalidKey(message, options)

const FULL = 'free some space, then run again'
const OTHER = 'the file system lacks what a lake needs (hard links, renames, fsync): keep the lake on another'

/** Faults that no retry mends: the error's class, and what is wrong and what to do. */
const PERMANENT: Readonly<Record<string, readonly [Make, string]>> = {
  ENOSPC: [full, `the disk is full: ${FULL}`],
  EDQUOT: [full, `the disk quota is used up: ${FULL}`],
  EMFILE: [limit, 'this process may not open more files: raise the limit (ulimit -n), then run again'],
  ENFILE: [limit, 'the system may not open more files: raise its limit (fs.file-max), then run again'],
  EFBIG: [limit, 'the file system or the process allows no larger file: raise the limit (ulimit -f)'],
  EXDEV: [unsuitable, 'the directory and its .tmp lie on two volumes: keep the whole of silver/reviews/ on one'],
  EINVAL: [unsuitable, OTHER],
  ENOTSUP: [unsuitable, OTHER],
  EOPNOTSUPP: [unsuitable, OTHER],
  ENOSYS: [unsuitable, OTHER],
  EMLINK: [unsuitable, OTHER],
  ENODEV: [unsuitable, OTHER],
  ENXIO: [unsuitable, OTHER],
}

/** What stands in the way of a write, where reading would find no object. */
const BLOCKED: typeof PERMANENT = {
  EISDIR: [taken, 'a directory has its name: move it away, then run again'],
  ENOTEMPTY: [taken, 'a directory has its name: move it away, then run again'],
  ENOTDIR: [taken, 'a file has the name of a directory that it needs: move it away, then run again'],
  EEXIST: [taken, 'something else has the name of a directory that it needs: move it away, then run again'],
  ELOOP: [taken, 'symbolic links that lead nowhere have its name: remove them, then run again'],
  ENAMETOOLONG: [invalid, 'its name is longer than the file system allows: move the lake to a shorter path'],
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
  const [make, text] = table[code] ?? []
  return make && text ? make(`${subject}: ${text} (${code})`, { cause: error }) : undefined
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
