import { DeadlyFile } from '../../engine/sources/file-fault.ts'
import type { BatchPlan, Item } from '../../protocol/plan.ts'

/** How an item's worker died, as the state machine has caught it. */
export interface Death {
  /** One of DEATHS. */
  readonly Error: string
  readonly Cause?: string | undefined
}

/**
 * What is wrong with the files of an item whose worker died again and again: one of them is to blame; a file that is
 * alone is it. Pure. The cause is somebody else's text, of which only the signal or exit status is taken.
 */
export function deadlyFiles(
  { operation }: Pick<BatchPlan, 'operation'>,
  item: Item,
  { Error: error, Cause = '' }: Death,
): DeadlyFile[] {
  const files = [...item.bronze, ...item.parked]
  const [detail] = /\b(?:signal: \w+|exit status \d+)/.exec(Cause) ?? []
  const death = `${WORDS[error] ?? 'ended'} without an error of its own (${detail ? `${error}, ${detail}` : error})`
  const alone = files.length === 1
  const reason = alone
    ? `its worker ${death} each time${item.bronze.length > 0 ? REMEDY : ''}`
    : `the worker that had it among ${files.length} files ${death} each time${operation === 'append' ? NEXT : ''}`
  return files.map(({ key }) => new DeadlyFile(key, reason, alone))
}

const REMEDY =
  ': give the worker more memory, or repair the file; the input {"quarantined": true} tries it again as it is'
/** Only of new batches: one that is to be written again stays as it is. */
const NEXT = ': each is tried alone next'

const WORDS: Readonly<Record<string, string>> = {
  'Runtime.OutOfMemory': 'ran out of memory',
  'Sandbox.Timedout': 'ran out of time',
  'States.Timeout': 'ran out of time',
}
