import { many } from '../../functions/base/text.ts'
import type { FoldedLog } from '../../functions/log/fold.ts'
import { writerOf } from '../../functions/protocol/writers.ts'

/** How many batches were made by another query than this one (the hex SHA-256 of its text), of how many. */
export interface OtherQuery {
  readonly batches: number
  readonly of: number
}

/** Compares the query with those that made the batches; without one, with the query of the newest batch. */
export function findOtherQuery({ batches }: FoldedLog, sha256: string | undefined): OtherQuery {
  const all = [...batches.values()]
  const [first] = all
  const newest =
    first && all.reduce((last, each) => (writerOf(each).version > writerOf(last).version ? each : last), first)
  const current = sha256 ?? newest?.query ?? ''
  return { batches: all.filter(({ query }) => query !== current).length, of: all.length }
}

/** Says so, and what to do; `query` is what the batches are compared with, `where` the option that names the lake. */
export function otherQueryLines({ batches, of }: OtherQuery, query: string, where: string): string[] {
  if (batches === 0) return []
  const made = `${many(batches, 'batch')} of ${of} ${batches === 1 ? 'was' : 'were'} made by another query than ${query}`
  const it = batches === 1 ? 'it' : 'them'
  return [
    `${made}: to see what would change: npx silversmith diff${where} --all; to write ${it} again: npx silversmith backfill${where} --reprocess --all`,
  ]
}
