import { ObjectChanged, ObjectMissing } from '../runtime/errors.ts'
import type { Layout } from './layout.ts'
import type { Store } from './store.ts'

/** Tells whether an execution is still at work. */
export interface Executions {
  isRunning(execution: string): Promise<boolean>
}

export type ClaimOutcome = { readonly held: true } | { readonly held: false; readonly by: string }

/**
 * Claims the lake for an execution, so that scheduled runs don't do the same work twice. A claim whose execution has
 * ended is taken over at once. Every change is conditional on what was read, so no claim is lost to another. Correctness
 * never depends on it: the commit decides.
 */
export async function claimLake(
  store: Store,
  layout: Layout,
  execution: string,
  executions: Executions,
): Promise<ClaimOutcome> {
  const body = new TextEncoder().encode(JSON.stringify({ format: 1, execution }))
  for (;;) {
    const current = await readClaim(store, layout)
    if (current?.execution === execution) return { held: true }
    if (current?.execution !== undefined && (await executions.isRunning(current.execution))) {
      return { held: false, by: current.execution }
    }
    const outcome = await store.put(layout.claim, body, current ? { ifMatch: current.etag } : { ifNoneMatch: '*' })
    if (outcome.written) return { held: true }
  }
}

/** The execution at work that holds the claim, if it is another one. Writes nothing. */
export async function heldByOther(
  store: Store,
  layout: Layout,
  execution: string,
  executions: Executions,
): Promise<string | undefined> {
  const holder = (await readClaim(store, layout))?.execution
  if (holder === undefined || holder === execution) return undefined
  return (await executions.isRunning(holder)) ? holder : undefined
}

/** The claim that is there; `execution` is undefined when it can't be read as a claim, which is then worth nothing. */
export async function readClaim(
  store: Store,
  layout: Layout,
): Promise<{ readonly etag: string; readonly execution: string | undefined } | undefined> {
  const head = await store.head(layout.claim)
  if (!head) return undefined
  try {
    const bytes = await store.get(layout.claim, { ifMatch: head.etag })
    return { etag: head.etag, execution: parseExecution(bytes) }
  } catch (error) {
    if (error instanceof ObjectChanged || error instanceof ObjectMissing) return readClaim(store, layout)
    throw error
  }
}

function parseExecution(bytes: Uint8Array): string | undefined {
  try {
    const claim: unknown = JSON.parse(new TextDecoder().decode(bytes))
    if (typeof claim !== 'object' || claim === null || !('execution' in claim)) return undefined
    return typeof claim.execution === 'string' ? claim.execution : undefined
  } catch {
    return undefined
  }
}
