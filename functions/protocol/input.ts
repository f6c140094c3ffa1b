import * as v from 'valibot'
import { InvalidInput } from '../base/errors.ts'
import { suggestion } from '../base/suggest.ts'
import { isBatchId } from '../lake/ids.ts'
import type { Roots } from '../lake/layout.ts'

/** A date, which is its midnight in UTC, or a time with its zone: without one it would depend on the place. */
const TIME = /^(\d{4}-\d\d-\d\d)(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d))?$/

const time = v.pipe(
  v.string(),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return
    const text = dataset.value
    const [, date] = TIME.exec(text) ?? []
    const given = JSON.stringify(text.slice(0, 40))
    if (date === undefined) {
      const zoneless = /^\d{4}-\d\d-\d\d[T ][\d:.]+$/.test(text)
      const what = zoneless ? 'needs a zone' : 'must be an ISO 8601 time'
      addIssue({ message: `${what}, such as 2026-11-24T07:15:00Z, or a date: it is ${given}` })
    } else if (Number.isNaN(Date.parse(text)) || new Date(date).toISOString().slice(0, 10) !== date) {
      addIssue({ message: `there is no such time as ${given}` })
    }
  }),
  v.transform(text => new Date(text).toISOString()),
)

/** A time from an input, in UTC milliseconds, or what is wrong with it. */
export function parseTime(text: string): number | string {
  const parsed = v.safeParse(time, text)
  return parsed.success ? Date.parse(parsed.output) : parsed.issues[0].message
}

const batchId = v.pipe(v.string(), v.check(isBatchId, 'must be a batch id such as 20261124T071500Z-3f9a12cd'))

const schema = v.strictObject({
  prefix: v.optional(v.string()),
  modifiedFrom: v.optional(time),
  modifiedTo: v.optional(time),
  reprocess: v.optional(
    v.union([
      v.strictObject({ batches: v.pipe(v.array(batchId), v.minLength(1, 'must name at least one batch')) }),
      v.strictObject({ from: time, to: time, after: v.optional(batchId) }),
      v.strictObject({ all: v.literal(true), after: v.optional(batchId) }),
      v.strictObject({ changed: v.literal(true) }),
    ]),
  ),
  quarantined: v.optional(v.literal(true)),
  dryRun: v.optional(v.boolean()),
})

/**
 * An execution's input. `{}` is what the schedule sends. `prefix`, `modifiedFrom` (inclusive) and `modifiedTo` (exclusive)
 * narrow the new bronze files; `quarantined` retries those that could not be read; `reprocess` writes batches again: those
 * named, those with files written in a time range, all, or those with files that have changed since. `after` continues after
 * the batch where an earlier execution had to stop.
 */
export type ExecutionInput = v.InferOutput<typeof schema>

/** Reads an execution's input. Throws InvalidInput, which says what is wrong and where. */
export function parseInput(input: unknown, roots: Roots): ExecutionInput {
  if (Array.isArray(input)) throw invalid(mustBeObject(input))
  const result = v.safeParse(schema, input)
  if (!result.success) throw invalid(describeIssue(result.issues[0]))
  const { prefix, modifiedFrom, modifiedTo, reprocess, quarantined } = result.output
  if (prefix !== undefined && !isBelow(prefix, roots.reviews)) {
    const isOfLake = Object.values(roots).some(root => prefix.startsWith(root.slice(0, root.indexOf('/') + 1)))
    const isMeant = !isOfLake && isBelow(`${roots.reviews}${prefix}`, roots.reviews)
    const meant = isMeant ? `: ${roots.reviews}${prefix}?` : ''
    throw invalid(`prefix must lie under ${roots.reviews} without "." or ".." segments${meant}`)
  }
  if (prefix !== undefined && !prefix.isWellFormed()) throw invalid(`prefix is not valid Unicode: ${shown(prefix)}`)
  if (prefix !== undefined && new TextEncoder().encode(prefix).length > 1024) {
    throw invalid(`prefix is over 1,024 bytes, longer than any key: ${shown(prefix)}`)
  }
  if (modifiedFrom !== undefined && modifiedTo !== undefined && modifiedFrom >= modifiedTo) {
    throw invalid('modifiedFrom must be before modifiedTo')
  }
  if (reprocess && 'from' in reprocess && reprocess.from >= reprocess.to) {
    throw invalid('reprocess.from must be before reprocess.to')
  }
  const narrowed = [prefix, modifiedFrom, modifiedTo, quarantined].some(each => each !== undefined)
  if (reprocess && narrowed) throw invalid('reprocess cannot be combined with another condition')
  return result.output
}

function invalid(reason: string): InvalidInput {
  return new InvalidInput(`execution input: ${reason}`)
}

/** What is wrong and where, in a few words. */
function describeIssue(issue: v.InferIssue<typeof schema>): string {
  // the form of `reprocess` that has all its fields explains more than that none fits
  const inner = issue.issues?.find(({ kind }) => kind === 'validation')
  const path = v.getDotPath(issue)
  if (inner) return `${path}.${v.getDotPath(inner)}: ${inner.message}`
  if (issue.type === 'strict_object' && issue.expected === 'never') {
    const name = path?.split('.').at(-1) ?? ''
    const known = Object.keys(schema.entries)
    return `there is no field ${path}${suggestion(name, known) || `; there are ${known.join(', ')}`}`
  }
  if (path === null) return mustBeObject(issue.input)
  if (issue.kind !== 'schema') return `${path}: ${issue.message}`
  const expected = EXPECTED[path] ?? EXPECTED[issue.expected ?? ''] ?? issue.expected
  return `${path} must be ${expected}, not ${shown(issue.input)}`
}

function mustBeObject(input: unknown): string {
  return `must be a JSON object such as {} or {"dryRun": true}, not ${shown(input)}`
}

/** A value for a message. */
function shown(value: unknown): string {
  return (JSON.stringify(value) ?? String(value)).slice(0, 80)
}

const EXPECTED: Readonly<Record<string, string>> = {
  reprocess: '{"batches": ["…"]}, {"from": "…", "to": "…"}, {"all": true} or {"changed": true}',
  string: 'a text',
  boolean: 'true or false',
  Array: 'a list',
}

/** Whether this is a scheduled run, which gives way to a running execution. */
export function isScheduled(input: ExecutionInput): boolean {
  return Object.keys(input).length === 0
}

function isBelow(prefix: string, root: string): boolean {
  return prefix.startsWith(root) && !prefix.split('/').some(segment => segment === '.' || segment === '..')
}

/** What bounds the listing of bronze: the key after which it starts, or the time (ISO 8601) before which files are ignored. */
export type Since = { readonly key: string } | { readonly time: string }

/**
 * Reads the setting: a key under the reviews' root, a date or time, or `none`. A key makes the listing itself shorter; a date
 * only saves work after the listing, since keys don't hold times. Throws InvalidInput.
 */
export function parseSince(text: string, root: string): Since | null {
  if (text === 'none') return null
  if (text.startsWith(root)) return { key: text }
  if (/^\d{4}-\d\d-\d\d/.test(text) && !Number.isNaN(Date.parse(text))) return { time: new Date(text).toISOString() }
  throw new InvalidInput(`bronzeSince must be a key under ${root} or a date like 2026-11-24, not ${text.slice(0, 100)}`)
}
