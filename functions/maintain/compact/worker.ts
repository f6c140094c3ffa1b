import * as v from 'valibot'
import { CompactRefused } from '../../base/errors.ts'
import { parseShape } from '../../base/parse-shape.ts'
import { many } from '../../base/text.ts'
import { type Worker, type WorkerOptions, worker } from '../../base/worker.ts'
import type { ReadableLake } from '../readable-lake.ts'
import { type Compacted, type CompactOptions, compactLake } from './compact.ts'

/** Milliseconds after which no other commit is begun: half of what Lambda gives at most. */
const WORK = 450_000
/** What a worker packs in the other half, at 10 MB/s (docs/performance.md). */
const MOST_BYTES = 4 * 2 ** 30

export type CompactDependencies = ReadableLake & Pick<CompactOptions, 'clock' | 'targetBytes' | 'merge' | 'sort'>

/** What an execution has packed so far: numbers of batches, and of files before and after. */
export type CompactState = v.InferOutput<typeof stateSchema>

const number = v.pipe(v.number(), v.safeInteger(), v.minValue(0))
const stateSchema = v.strictObject({
  packed: number,
  into: number,
  files: v.strictObject({ before: number, after: number }),
  /** Whether there is more to pack, for which there was no time. */
  more: v.boolean(),
})
/** An execution begins with `{}`. */
const eventSchema = v.strictObject({ execution: v.string(), state: v.union([v.strictObject({}), stateSchema]) })

/**
 * Compact: `{state}` → the state once what is worth it is packed, or as much as there was time for. Throws CompactRefused, when
 * all else is done, for batches that can't be packed.
 */
export function createCompact(dependencies: () => CompactDependencies, options: WorkerOptions = {}): Worker {
  return worker({
    ...options,
    name: 'compact',
    run: async event => {
      const { state } = parseShape(eventSchema, event, 'the state of an execution, which begins with {}')
      const lake = dependencies()
      const end = lake.clock() + WORK
      const hasTime = () => lake.clock() < end
      const done = await compactLake({ ...lake, mostBytes: MOST_BYTES, hasTime })
      for (const { batch, outcome, reason } of done) {
        if (outcome === 'kept')
          options.log?.('warn', { worker: 'compact', batch, message: `it is not packed: ${reason}` })
      }
      return nextState('more' in state ? state : NOTHING, done)
    },
    report: ({ packed, into, files, more }) => ({
      fields: { packed, into, filesBefore: files.before, filesAfter: files.after, more },
    }),
  })
}

const NOTHING: CompactState = { packed: 0, into: 0, files: { before: 0, after: 0 }, more: false }

function nextState({ packed, into, files }: CompactState, done: readonly Compacted[]): CompactState {
  const of = (outcome: Compacted['outcome']) => done.filter(each => each.outcome === outcome)
  const now = of('packed')
  const sum = (number: (each: Compacted) => number) => now.reduce((all, each) => all + number(each), 0)
  // without progress the next call would have as little time for the rest
  const more = now.length > 0 && of('left').length > 0
  const [refused, ...others] = of('refused')
  if (refused && !more) {
    const too = others.length > 0 ? `, and ${many(others.length, 'other')}` : ''
    throw new CompactRefused(`batch ${refused.batch} can't be packed${too}: ${refused.reason}`)
  }
  return {
    packed: packed + sum(({ absorbs }) => absorbs.length + 1),
    into: into + now.length,
    files: {
      before: files.before + sum(each => each.files.before),
      after: files.after + sum(each => each.files.after),
    },
    more,
  }
}
