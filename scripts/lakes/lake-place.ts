import { existsSync, realpathSync } from 'node:fs'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { DirectoryStore } from '../../functions/adapters/directory/directory-store.ts'
import type { Store } from '../../functions/lake/store.ts'
import { userPath } from '../command-line/caller.ts'
import { parseS3 } from './s3-address.ts'

/** A directory, or a prefix of a bucket, as an option names it. */
export interface LakePlace {
  readonly store: Store
  /** `file:///data/lake/` or `s3://bucket/prefix/`: with a slash at its end. */
  readonly uri: string
  /** The same for Spark's readers by path, which reach S3 by s3a. */
  readonly sparkUri: string
  /** The directory; null on S3. */
  readonly root: string | null
}

/** The URI of a place as it is remembered and compared, whatever way it was written. Throws UsageError. */
export function placeUri(text: string): string {
  const s3 = parseS3(text)
  if (s3) return `s3://${s3.bucket}/${s3.prefix}`
  return `${pathToFileURL(pathOf(text))}`.replace(/\/*$/, '/')
}

/**
 * Opens the place that `option` names. On S3 it is listed once, so that wrong credentials, a bucket that is not there and a
 * missing right show before anything is done. Throws UsageError, Refusal, or the SDK's error about credentials.
 */
export async function openPlace(text: string, option: string): Promise<LakePlace> {
  const s3 = parseS3(text)
  if (!s3) return directoryPlace(pathOf(text))
  const { openBucket } = await import('./s3-place.ts') // the SDK takes long to load, and a directory needs none of it
  const path = `${s3.bucket}/${s3.prefix}`
  return { store: await openBucket(s3, option), uri: `s3://${path}`, sparkUri: `s3a://${path}`, root: null }
}

/** The directory that is meant by a path or by a file URI, as it is remembered. */
function pathOf(text: string): string {
  return /^file:\/\//i.test(text) ? fileURLToPath(text) : userPath(text)
}

/** A directory, which need not be there yet. */
export function directoryPlace(path: string): LakePlace {
  const store = new DirectoryStore(path)
  // one URI for Spark's readers, also where a symbolic link leads to the lake: streams know files by it
  const real = existsSync(store.root) ? realpathSync(store.root) : store.root
  const [uri, sparkUri] = [`${pathToFileURL(store.root)}/`, `${pathToFileURL(real)}/`]
  return { store, uri, sparkUri, root: store.root }
}
