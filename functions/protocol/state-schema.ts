import * as v from 'valibot'
import { MAX_PASSES, type RunState } from './state.ts'

const count = v.pipe(v.number(), v.integer(), v.minValue(0))
const texts = v.array(v.string())
const time = v.pipe(v.string(), v.isoTimestamp())
const work = v.object({
  batch: v.string(),
  attempt: v.string(),
  operation: v.picklist(['append', 'replace']),
  ...{ items: count, files: count, bytes: count, rows: count },
})
const repairs = v.object({ dropped: count, moved: count, restored: count, named: texts })

/** What a worker must find in a state before it trusts it. The rest travels along: other workers' business. */
export const stateSchema = v.looseObject({
  format: v.unknown(),
  pass: v.pipe(count, v.maxValue(MAX_PASSES)),
  time,
  hasWork: v.boolean(),
  reason: v.string(),
  more: v.boolean(),
  voids: count,
  ...{ done: texts, skipped: texts, refused: texts },
  backlog: v.object({ files: count, bytes: count, oldest: v.nullable(v.string()) }),
  parked: v.object({ rows: count, oldest: v.nullable(v.string()) }),
  ...{ changed: count, ignored: count, uncommitted: count },
  listing: v.object({ after: v.nullable(v.string()), next: v.nullable(v.string()) }),
  work: v.nullable(work),
  ...{ bucket: v.string(), plan: v.string(), query: v.string(), maxConcurrency: count },
  replacing: v.exactOptional(v.boolean()),
  repairs: v.exactOptional(repairs),
  waitSeconds: v.exactOptional(count),
}) satisfies v.GenericSchema<unknown, Partial<Record<keyof RunState, unknown>>>
