import * as v from 'valibot'
import { ReplaceRefused, Unfinished } from '../../base/errors.ts'
import { parseShape } from '../../base/parse-shape.ts'
import { executionName } from '../../base/text.ts'
import { type PassIds, passIds } from '../../lake/ids.ts'
import { type Log, parkedIn } from '../../log/fold.ts'
import type { ExecutionInput } from '../../protocol/input.ts'
import { MAX_PASSES, type RunState } from '../../protocol/state.ts'
import { readWholeLog } from '../../readers/whole-log.ts'
import { draftAppend, draftReplace } from './draft.ts'
import { type Found, Pass, type PlanDependencies, type PlanRequest } from './pass.ts'
import { findReplaceSources } from './replace-sources.ts'
import { selectBatches } from './select-replace.ts'

export type { PlanDependencies } from './pass.ts'

type Reprocess = NonNullable<ExecutionInput['reprocess']>

/** How many batches an execution may have to leave as they are before it gives up. */
const MAX_REFUSED = 20

/**
 * One pass of Plan: finds what is to be joined, pins it and writes the plan. A scheduled run gives way to an execution at
 * work. A retry of the same pass finds the plan of the first try and returns the same state.
 */
export async function planPass(request: PlanRequest, dependencies: PlanDependencies): Promise<RunState> {
  const { store, layout } = dependencies
  const pass = new Pass(request, dependencies)
  const { input } = pass
  // Commits that come between this and the claim make the pass void at worst.
  const reading = readWholeLog(store, layout, { batches: input.reprocess !== undefined })
  reading.catch(() => undefined) // thrown where it is waited for
  if (await pass.isBusy()) return pass.idle('busy')
  const { log } = await reading
  if (pass.number >= MAX_PASSES - 1 && !input.reprocess) return { ...pass.idle('too many passes'), more: true }
  const found = { ...(await pass.look(log)), parked: parkedIn(log.state) }
  const ids = await passIds(executionName(request.execution), pass.number, Date.parse(pass.time))
  if (input.reprocess) return planReplace(pass, input.reprocess, ids, log, found)
  const draft = await draftAppend(ids, found.files, { log, input, time: pass.time, ...dependencies })
  if (!draft) return pass.idle('nothing new', found)
  return pass.write(draft, log, found, { more: found.waiting > 0 })
}

/** Plans the next of the batches to write again. One that can't be written stays as it is, and the others go on. */
async function planReplace(pass: Pass, reprocess: Reprocess, ids: PassIds, log: Log, found: Found): Promise<RunState> {
  const { input, dependencies } = pass
  const { store, layout } = dependencies
  const skipped = [...(pass.previous?.skipped ?? [])]
  const refused = [...(pass.previous?.refused ?? [])]
  const done = pass.previous?.done ?? []
  const over = [...done, ...skipped]
  const waiting = await selectBatches(log, reprocess, { done, skipped }, found.changed)
  for (const [i, batch] of waiting.entries()) {
    if (refused.length >= MAX_REFUSED || pass.number >= MAX_PASSES - 1) {
      const left = `${waiting.length - i} batches were not written again: ${goOn(reprocess, log, [...over, ...skipped])}`
      throw new Unfinished([...refused, left].join('; '))
    }
    try {
      const sources = await findReplaceSources(store, layout, log, batch, 'changed' in reprocess)
      if (sources.bronze.length + sources.parked.length > 0) {
        const draft = await draftReplace(ids, batch, sources, { log, input, time: pass.time, ...dependencies })
        // what this batch supersedes may concern others, as the next pass will see
        const replacing = i + 1 < waiting.length
        const more = replacing || 'changed' in reprocess || refused.length > 0
        return pass.write(draft, log, found, { more, skipped, refused, replacing })
      }
      if ('batches' in reprocess) refused.push(`batch ${batch.batch} has no file that could be joined`)
    } catch (error) {
      if (!(error instanceof ReplaceRefused)) throw error
      refused.push(error.message)
    }
    skipped.push(batch.batch)
  }
  if (refused.length > 0) throw new ReplaceRefused(refused.join('; '))
  return pass.idle('nothing new', found)
}

/** What to start for the batches that are left; those before are `over`. */
function goOn(reprocess: Reprocess, { state }: Log, over: readonly string[]): string {
  if ('batches' in reprocess || 'changed' in reprocess) return 'start another execution for them'
  const since = (id: string) => state.sinceOf(id) ?? -1
  const after = over
    .filter(id => since(id) >= 0)
    .toSorted((a, b) => since(a) - since(b))
    .at(-1)
  return `start another execution with ${JSON.stringify({ reprocess: { ...reprocess, after } })}`
}

/** The times that Date writes with six digits for the year; they have an error of their own. */
const FAR = /^[+-]\d{6}-\d\d-\d\dT[\d:.]+Z$/

/** Whether a text is a time of ISO 8601 that exists, or lies beyond the years of four digits. */
function isTime(text: string): boolean {
  return FAR.test(text) || (v.is(ISO_TIME, text) && !Number.isNaN(Date.parse(text)))
}

const ISO_TIME = v.pipe(v.string(), v.isoTimestamp())

const requestSchema = v.object({
  execution: v.pipe(v.string(), v.minLength(1)),
  startTime: v.pipe(
    v.string(),
    v.rawCheck(({ dataset, addIssue }) => {
      if (dataset.typed && !isTime(dataset.value)) addIssue({ expected: 'iso timestamp' })
    }),
  ),
  input: v.unknown(),
  state: v.unknown(),
})

/** Reads Plan's input. Throws InvalidInput. */
export function parsePlanRequest(input: unknown): PlanRequest {
  return parseShape(requestSchema, input, '{"execution", "startTime", "input", "state"}')
}
