import { idTime } from '../../functions/lake/ids.ts'
import { type FoundAttempt, settledBy } from './attempts.ts'

/** Which attempts a rebuilt log holds, in the order of its versions, and what was decided about each of the others. */
export interface Choice {
  readonly chosen: readonly FoundAttempt[]
  /** One line per decision that was not plain. */
  readonly decisions: readonly string[]
}

/**
 * Chooses attempts that can stand in one log: whole ones, no two of one batch, no bronze file twice, no parked file
 * consumed twice. First those that `known` names (a commit that is left, or what Athena has registered: readers have seen
 * them), then the others by age. Pure.
 */
export function chooseAttempts(attempts: readonly FoundAttempt[], known: ReadonlyMap<string, string>): Choice {
  const decisions: string[] = []
  const bronze = new Map<string, string>()
  const parked = new Map<string, string>()
  const batches = new Map<string, string>()
  const chosen: FoundAttempt[] = []

  const consider = (attempt: FoundAttempt, why: string | undefined): void => {
    const { results, batch } = attempt
    const keys = settledBy(results)
    const consumed = results.flatMap(({ result }) => result.unparked.map(({ key }) => key))
    const holder =
      batches.get(batch) ??
      keys.map(key => bronze.get(key)).find(each => each !== undefined) ??
      consumed.map(key => parked.get(key)).find(each => each !== undefined)
    if (holder !== undefined) {
      decisions.push(`not taken: ${attempt.attempt} of batch ${batch}: ${holder} has the same files or batch`)
      return
    }
    chosen.push(attempt)
    batches.set(batch, attempt.attempt)
    for (const key of keys) bronze.set(key, attempt.attempt)
    for (const key of consumed) parked.set(key, attempt.attempt)
    if (why !== undefined) decisions.push(`taken: ${attempt.attempt} of batch ${batch}: ${why}`)
  }

  const whole = attempts.filter(({ broken, attempt, batch }) => {
    if (broken !== undefined) decisions.push(`not taken: ${attempt} of batch ${batch}: ${broken}`)
    return broken === undefined
  })
  const first = whole.filter(({ location }) => known.has(location))
  const rest = whole.filter(({ location }) => !known.has(location))
  for (const attempt of first) consider(attempt, undefined)
  for (const attempt of rest) consider(attempt, 'nobody has it registered, and nothing contradicts it')
  const missing = [...known].filter(([location]) => !chosen.some(attempt => attempt.location === location))
  for (const [location, source] of missing)
    decisions.push(`missing: ${location}, which ${source} has, has no whole attempt`)
  return { chosen: chosen.sort((a, b) => order(a) - order(b) || (a.attempt < b.attempt ? -1 : 1)), decisions }
}

/**
 * Where an attempt stands in time: rows are parked before others take them in. A batch that was written again keeps its
 * place, because what it once parked may have been taken in since.
 */
function order({ batch, results }: FoundAttempt): number {
  const [first] = results
  return first?.result.operation === 'append' ? Date.parse(first.result.plannedAt) : idTime(batch)
}
