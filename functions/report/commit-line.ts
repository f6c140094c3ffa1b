import { idTime } from '../lake/ids.ts'
import { parkerOf } from '../lake/layout.ts'
import { type BatchCommit, type Commit, NO_ROWS, type Rows, sumRows } from '../protocol/commit.ts'
import { countsOf } from '../protocol/state.ts'

/** A commit as the console lists it. Sizes are bytes, times ISO 8601. */
export interface CommitLine {
  readonly version: number
  readonly operation: Commit['operation']
  readonly batch: string
  readonly attempt: string
  readonly execution: string
  readonly committedAt: string
  /** From the second in which its pass was planned to the commit. */
  readonly milliseconds: number
  /** What became of all its rows, and of those alone that came from parked files. */
  readonly rows: Rows
  readonly again: Rows
  /** Rows that this attempt has parked itself. */
  readonly parked: number
  readonly bronzeFiles: number
  readonly parkedFiles: number
  readonly silverFiles: number
  readonly quarantined: number
  readonly deferred: number
  readonly bytesRead: number
  readonly bytesWritten: number
  /** Hex SHA-256 of its query; '' for an abandoned attempt. */
  readonly query: string
  /** The version whose files it put others in place of, and the one that has done so with its own. */
  readonly replaces: number | null
  readonly replacedBy: number | null
}

/** The line of a commit; `before` is the version that its batch had until then. */
export function lineOf(commit: Commit, before: number | null): CommitLine {
  const { version, operation, batch, attempt, execution, committedAt } = commit
  const milliseconds = Math.max(0, Date.parse(committedAt) - idTime(attempt))
  const subject = { version, operation, batch, attempt, execution, committedAt, milliseconds, replacedBy: null }
  if (commit.operation === 'abandon') return { ...subject, ...NOTHING, replaces: null }
  const { rows, files, silver, quarantined, deferred, bytesRead, bytesWritten } = countsOf(commit)
  return {
    ...subject,
    ...{ rows, quarantined, deferred, bytesRead, bytesWritten },
    again: sumRows(commit.unparked.map(file => file.rows)),
    parked: ownParked(commit),
    bronzeFiles: files,
    parkedFiles: commit.unparked.length,
    silverFiles: silver,
    query: commit.query.sha256,
    replaces: before,
  }
}

/** The second in which a commit's pass was planned, for where no item has the exact time. */
export function plannedBefore({ committedAt, milliseconds }: CommitLine): string {
  return new Date(Date.parse(committedAt) - milliseconds).toISOString()
}

const NOTHING = {
  ...{ rows: NO_ROWS, again: NO_ROWS, parked: 0, bronzeFiles: 0, parkedFiles: 0, silverFiles: 0, quarantined: 0 },
  ...{ deferred: 0, bytesRead: 0, bytesWritten: 0, query: '' },
}

/** The rows of the files that an attempt has parked, without those that were parked before and wait on. */
function ownParked({ parked, batch, attempt }: BatchCommit): number {
  return parked
    .filter(({ key }) => parkerOf(key) === batch && key.split('/').at(-2) === attempt)
    .reduce((sum, { rows }) => sum + rows, 0)
}
