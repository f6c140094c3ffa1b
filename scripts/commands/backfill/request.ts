import { InvalidInput } from '../../../functions/base/errors.ts'
import { UsageError } from '../../../functions/base/refusal.ts'
import type { Roots } from '../../../functions/lake/layout.ts'
import { type ExecutionInput, parseInput } from '../../../functions/protocol/input.ts'

/** The options that say what to join, or to join again. */
export const REQUEST_OPTIONS = {
  prefix: { type: 'string' },
  from: { type: 'string' },
  to: { type: 'string' },
  quarantined: { type: 'boolean', default: false },
  changed: { type: 'boolean', default: false },
  reprocess: { type: 'boolean', default: false },
  batch: { type: 'string', multiple: true },
  all: { type: 'boolean', default: false },
  after: { type: 'string' },
} as const

export interface RequestOptions {
  readonly prefix?: string | undefined
  readonly from?: string | undefined
  readonly to?: string | undefined
  readonly quarantined: boolean
  readonly changed: boolean
  readonly reprocess: boolean
  readonly batch?: string[] | undefined
  readonly all: boolean
  readonly after?: string | undefined
}

/**
 * The execution input that the options mean; none of them means every new file. Times are of bronze's last write, from
 * inclusive, to exclusive. Throws UsageError, which names the option that is wrong.
 */
export function readRequest(options: RequestOptions, roots: Roots): ExecutionInput {
  const { from, to, quarantined, changed, reprocess } = options
  for (const name of ['batch', 'all', 'after'] as const) {
    if (options[name] && !reprocess) throw new UsageError(`--${name} needs --reprocess`)
  }
  if (changed && reprocess) throw new UsageError('--changed is a way to reprocess: leave --reprocess out')
  if (changed || reprocess) {
    const way = changed ? 'changed' : 'reprocess'
    for (const name of ['prefix', 'quarantined', ...(changed ? (['from', 'to'] as const) : [])] as const) {
      if (options[name]) throw new UsageError(`--${way} takes no --${name}`)
    }
    return parseOptions({ reprocess: changed ? { changed: true } : selection(options) }, roots)
  }
  const prefix = options.prefix === undefined ? undefined : belowReviews(options.prefix, roots)
  const narrowed = prefix !== undefined || from !== undefined || to !== undefined || quarantined
  const input = {
    // a prefix, so that the run does not give way to the schedule's
    ...(prefix !== undefined || !narrowed ? { prefix: prefix ?? roots.reviews } : {}),
    ...(from !== undefined && { modifiedFrom: from }),
    ...(to !== undefined && { modifiedTo: to }),
    ...(quarantined && { quarantined: true }),
  }
  return parseOptions(input, roots)
}

/** A prefix as a key: `2024/` means what lies under the reviews, unless it begins with a folder of the lake. */
export function belowReviews(prefix: string, roots: Roots): string {
  const folders = [roots.reviews, roots.customers, roots.silver].map(root => root.slice(0, root.indexOf('/') + 1))
  const isWhole = prefix.includes(':') || folders.some(folder => prefix.startsWith(folder))
  return isWhole ? prefix : roots.reviews + prefix
}

/** parseInput for an input that options were made into: what it refuses is told by the options' names. */
function parseOptions(input: unknown, roots: Roots): ExecutionInput {
  try {
    return parseInput(input, roots)
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error
    let message = error.message.replace(/^execution input: /, '')
    for (const [field, option] of OPTION_OF) message = message.replaceAll(field, option)
    throw new UsageError(message, { cause: error })
  }
}

/** The options by the fields that they become. */
const OPTION_OF = [
  [/\bmodifiedFrom\b|\breprocess\.from\b/g, '--from'],
  [/\bmodifiedTo\b|\breprocess\.to\b/g, '--to'],
  [/\breprocess\.batches\.\d+/g, '--batch'],
  [/\breprocess\.after\b/g, '--after'],
  [/^prefix\b/g, '--prefix'],
] as const

function selection({ from, to, batch: batches, all, after }: RequestOptions) {
  const behind = after === undefined ? {} : { after }
  if (batches && from === undefined && to === undefined && !all && after === undefined) return { batches }
  if (!batches && from !== undefined && to !== undefined && !all) return { from, to, ...behind }
  if (!batches && from === undefined && to === undefined && all) return { all, ...behind }
  throw new UsageError('--reprocess takes --batch, once for each batch, or both --from and --to, or --all')
}

/** A name for an execution that says what it does: Step Functions takes 80 letters, digits, - and _. */
export function nameRequest(input: ExecutionInput, now: number): string {
  const time = new Date(now).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')
  const what = describe(input)
    .replaceAll(/[^A-Za-z0-9]+/g, '-')
    .slice(0, 45)
  return `backfill-${what}-${time}-${crypto.randomUUID().slice(0, 4)}`.replaceAll(/-+/g, '-')
}

function describe({ prefix, modifiedFrom, modifiedTo, reprocess, quarantined }: ExecutionInput): string {
  if (reprocess && 'changed' in reprocess) return 'changed'
  if (reprocess && 'batches' in reprocess) return `reprocess-${reprocess.batches.length}-from-${reprocess.batches[0]}`
  if (reprocess && 'all' in reprocess) return 'reprocess-all'
  if (reprocess) return `reprocess-${reprocess.from.slice(0, 10)}-${reprocess.to.slice(0, 10)}`
  if (quarantined) return 'quarantined'
  const times = [modifiedFrom, modifiedTo].flatMap(time => (time === undefined ? [] : [time.slice(0, 10)]))
  return [prefix ?? '', ...times].join('-')
}
