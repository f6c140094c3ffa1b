import * as v from 'valibot'
import { isBatchId } from '../lake/ids.ts'
import type { Roots } from '../lake/layout.ts'
import { InvalidInput } from '../runtime/errors.ts'

const time = v.pipe(
  v.string(),
  v.check(text => /^\d{4}-\d\d-\d\d/.test(text) && !Number.isNaN(Date.parse(text)), 'must be an ISO 8601 time'),
  v.transform(text => new Date(text).toISOString()),
)

const batchId = v.pipe(v.string(), v.check(isBatchId, 'must be a batch id, YYYYMMDDTHHMMSSZ-xxxxxxxx'))

const schema = v.strictObject({
  prefix: v.optional(v.string()),
  modifiedFrom: v.optional(time),
  modifiedTo: v.optional(time),
  reprocess: v.optional(
    v.union([
      v.strictObject({ batches: v.pipe(v.array(batchId), v.minLength(1)) }),
      v.strictObject({ from: time, to: time }),
      v.strictObject({ changed: v.literal(true) }),
    ]),
  ),
  quarantined: v.optional(v.literal(true)),
  dryRun: v.optional(v.boolean()),
})

/**
 * An execution's input. `{}` is what the schedule sends. `prefix`, `modifiedFrom` (inclusive) and `modifiedTo` (exclusive)
 * narrow the new bronze files; `quarantined` tries those again that could not be read; `reprocess` writes batches again:
 * those named, those that hold files written in a time range, or those that hold files which have changed since.
 */
export type ExecutionInput = v.InferOutput<typeof schema>

/** Reads an execution's input. Throws InvalidInput, which says what is wrong where. */
export function parseInput(input: unknown, roots: Roots): ExecutionInput {
  const result = v.safeParse(schema, input)
  if (!result.success) {
    const [issue] = result.issues
    throw new InvalidInput(`execution input: ${v.getDotPath(issue) ?? 'the whole'}: ${issue.message}`)
  }
  const { prefix, modifiedFrom, modifiedTo, reprocess, quarantined } = result.output
  if (prefix !== undefined && !isBelow(prefix, roots.reviews)) {
    throw new InvalidInput(`execution input: prefix must lie under ${roots.reviews} without "." or ".." segments`)
  }
  if (modifiedFrom !== undefined && modifiedTo !== undefined && modifiedFrom >= modifiedTo) {
    throw new InvalidInput('execution input: modifiedFrom must be before modifiedTo')
  }
  const narrowed = [prefix, modifiedFrom, modifiedTo, quarantined].some(each => each !== undefined)
  if (reprocess && narrowed) throw new InvalidInput('execution input: reprocess takes no other condition beside it')
  return result.output
}

/** Whether this is a scheduled run, which gives way to an execution at work. */
export function isScheduled(input: ExecutionInput): boolean {
  return Object.keys(input).length === 0
}

function isBelow(prefix: string, root: string): boolean {
  return prefix.startsWith(root) && !prefix.split('/').some(segment => segment === '.' || segment === '..')
}
