import { FoldedLog } from '../../log/fold.ts'
import { type BatchCommit, type Commit, coveredBy, type ParkedFile } from '../../protocol/commit.ts'
import { fileKey } from './attempts.ts'

/** A log that grows, and what its commits need to know of those before. */
export class Folding {
  readonly commits: Commit[] = []
  readonly state = new FoldedLog()
  readonly #parked: ReadonlyMap<string, ParkedFile>
  /** Parked files of which the one that wrote them stands in the log, or will. */
  readonly #named: Set<string>
  readonly #joined = new Map<string, string>()

  constructor(parked: ReadonlyMap<string, ParkedFile>, writers: ReadonlySet<string>) {
    this.#parked = parked
    this.#named = new Set(writers)
  }

  /** Adds a commit; what one that was made of footers took back, the footers don't say. */
  add(made: Commit, ofFooters: boolean): void {
    const commit = made.operation === 'abandon' ? made : this.#fitted(made, ofFooters)
    if (commit.operation !== 'abandon') {
      for (const { key } of commit.parked) this.#named.add(key)
      for (const { key } of commit.bronze) this.#joined.set(key, commit.batch)
    }
    this.state.apply(commit)
    this.commits.push(commit)
  }

  #fitted(commit: BatchCommit, ofFooters: boolean): BatchCommit {
    const isTaken = (key: string) => this.state.takenBy(key) !== undefined
    // what was left out waits, or was taken in, as its own parked file: the commit that named it may be gone
    const unnamed = commit.excluded.filter(key => !this.#named.has(key) && !isTaken(key))
    const waiting = [...commit.parked, ...unnamed.flatMap(key => this.#parked.get(key) ?? [])]
    const takes = new Set(commit.unparked.map(fileKey))
    return {
      ...commit,
      parked: waiting.filter(({ key }) => !isTaken(key) && !takes.has(key)),
      excluded: [
        ...commit.excluded,
        ...waiting.map(fileKey).filter(key => isTaken(key) && !commit.excluded.includes(key)),
      ],
      reclaimed: ofFooters ? this.#reclaimed(commit) : commit.reclaimed,
      quarantined: commit.quarantined.filter(({ key }) => !this.#joined.has(key)),
    }
  }

  /** What waited for a batch that was written again, and was not left out, was taken from where it came from. */
  #reclaimed(commit: BatchCommit): string[] {
    const { operation, excluded, parked } = commit
    if (operation !== 'replace') return []
    const kept = new Set([...excluded, ...parked.map(fileKey)])
    const before = coveredBy(commit).flatMap(id => this.state.batches.get(id)?.everParked ?? [])
    return before.filter(key => this.state.parked.has(key) && !kept.has(key))
  }
}
