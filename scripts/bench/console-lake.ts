import type { Store } from '../../functions/lake/store.ts'
import type { Link } from '../../functions/log/entry.ts'
import { makeEntry } from '../../functions/log/entry.ts'
import type { BatchCommit } from '../../functions/protocol/commit.ts'
import { layout, simulatedCommit } from './plan/simulated-lake.ts'

/** Bronze files of each commit. */
const FILES = 100

/**
 * Writes a log of so many commits of 100 bronze files each, as runs would: each commit tied to the one before; every tenth one
 * put another's files in place of an earlier batch's, every hundredth has files in quarantine. There are no rows behind it.
 */
export async function writeConsoleLog(store: Store, commits: number): Promise<void> {
  let link: Link | undefined
  for (let version = 0; version < commits; version++) {
    const { commit, bytes, ...entry } = await makeEntry(livedCommit(version), link)
    link = entry.link
    await store.put(layout.commit(commit.version), bytes)
  }
}

function livedCommit(version: number): BatchCommit {
  const commit = simulatedCommit(version, version * FILES, FILES)
  const rows = { read: 100_000, filtered: 9900, nullKey: 0, unmatched: 100, matched: 90_000, written: 90_000 }
  const lived = { ...commit, rows, silver: [{ key: 'part-00000.parquet', size: 1_234_567, rows: 90_000 }] }
  if (version % 10 === 9) {
    const { batch, bronze } = simulatedCommit(version - 9, (version - 9) * FILES, FILES)
    const location = commit.location.replace(commit.batch, batch)
    return { ...lived, operation: 'replace', batch, bronze, location }
  }
  if (version % 100 !== 50) return lived
  const [file] = commit.bronze
  const { key, etag, size, modified } = file ?? { key: '', etag: '', size: 0, modified: '' }
  return {
    ...lived,
    bronze: commit.bronze.slice(1),
    quarantined: [{ key, etag, size, modified, reason: 'not Parquet' }],
  }
}
