import { ObjectChanged, ObjectMissing } from '../base/errors.ts'
import { orUndefined } from '../base/or-undefined.ts'
import type { Lake } from './lake.ts'
import type { Layout } from './layout.ts'
import { sealHint, unsealHint } from './sealed.ts'
import type { Store, WriteCondition } from './store.ts'

/** A holder renews its claim this often, in milliseconds. */
export const RENEWAL = 5000
/** A claim that does not change for this long, in milliseconds, has lost its holder. */
export const LEASE = 30_000
/** Milliseconds between two looks at a claim whose holder may be dead. */
const LOOK = 1000

/** Says whether an execution is still running; undefined if that can't be known, and its lease has to show it. */
export interface Executions {
  isRunning(execution: string): Promise<boolean | undefined>
}

/** Starts executions of the pipeline. */
export interface Starter {
  /** Starts one with the input `{}`. False if there was already one of that name. Throws ExecutionsUnavailable. */
  start(name: string): Promise<boolean>
}

/** How time passes for a process that watches a claim: in milliseconds that never go back. */
export interface Patience {
  now(): number
  wait(milliseconds: number): Promise<void>
  /** Called before it waits to see whether an execution renews its claim. */
  waitsFor?(execution: string): void
}

export type ClaimOutcome = { readonly held: true } | { readonly held: false; readonly by: string }

/** The content of claim.json. */
export interface Claim {
  readonly etag: string
  /** Undefined if it was released, or can't be read as a claim, which is then void. */
  readonly execution: string | undefined
  /** How often it has changed; undefined in claims of earlier versions, which were neither renewed nor released. */
  readonly renewals: number | undefined
}

export interface ClaimContext extends Lake {
  /** The execution that asks. */
  readonly execution: string
  readonly executions: Executions
  readonly patience?: Patience | undefined
}

/** Patience in real time. */
export const REAL_TIME: Patience = {
  now: () => performance.now(),
  wait: milliseconds => new Promise(done => setTimeout(done, milliseconds)),
}

/**
 * The claim on a lake as one execution sees it: it keeps scheduled runs from doing the same work twice. Every change is
 * conditional on what was read, so no claim overwrites another. Correctness never depends on it: the commit decides.
 *
 * It is a lease. First the claim asks whether its holder is running; if nobody knows, it is watched: a claim that does not
 * change for as long as a lease lasts has lost its holder. Times that other hosts have written are never used.
 */
export class LakeClaim {
  readonly #context: ClaimContext
  readonly #patience: Patience
  /** The etag of a claim that was watched for the length of a lease. */
  #lapsed: string | undefined

  constructor(context: ClaimContext) {
    this.#context = context
    this.#patience = context.patience ?? REAL_TIME
  }

  /** The running execution that holds the claim, if it is another one. Writes nothing, but may wait for as long as a lease lasts. */
  async heldByOther(): Promise<string | undefined> {
    const { store, layout, execution } = this.#context
    for (;;) {
      const claim = await readClaim(store, layout)
      if (claim?.execution === undefined || claim.execution === execution) return undefined
      const atWork = await this.#isAtWork(claim, claim.execution, true)
      if (atWork !== undefined) return atWork ? claim.execution : undefined
    }
  }

  /**
   * Takes the claim if it is free, and renews it if it is this execution's. If it is not known whether another holder is
   * running, `patient` waits to see; otherwise that claim is left alone.
   */
  async take({ patient }: { readonly patient: boolean }): Promise<ClaimOutcome> {
    const { store, layout, execution } = this.#context
    for (;;) {
      const claim = await readClaim(store, layout)
      if (claim?.execution !== undefined && claim.execution !== execution) {
        const atWork = await this.#isAtWork(claim, claim.execution, patient)
        if (atWork === undefined) continue
        if (atWork) return { held: false, by: claim.execution }
      }
      const condition = claim ? { ifMatch: claim.etag } : ({ ifNoneMatch: '*' } as const)
      if (await put(this.#context, { execution, renewals: (claim?.renewals ?? 0) + 1 }, condition))
        return { held: true }
    }
  }

  /** Undefined if the claim has changed in the meantime: it has to be read again. */
  async #isAtWork(claim: Claim, holder: string, patient: boolean): Promise<boolean | undefined> {
    if (claim.etag === this.#lapsed) return false
    const running = await this.#context.executions.isRunning(holder)
    if (running !== undefined || !patient) return running ?? true
    this.#patience.waitsFor?.(holder)
    const { store, layout } = this.#context
    for (const since = this.#patience.now(); this.#patience.now() - since < LEASE; ) {
      await this.#patience.wait(LOOK)
      const now = await store.head(layout.claim)
      if (now?.etag === claim.etag) continue
      return now && (await readClaim(store, layout))?.execution === holder ? true : undefined
    }
    this.#lapsed = claim.etag
    return false
  }
}

/**
 * The execution that holds the claim, at once, without watching its lease: `isRunning` is undefined if nobody knows.
 * Undefined if nobody holds it, or its holder has ended.
 */
export async function holderOf({ store, layout, executions }: Pick<ClaimContext, 'store' | 'layout' | 'executions'>) {
  const execution = (await readClaim(store, layout))?.execution
  if (execution === undefined) return undefined
  const isRunning = await executions.isRunning(execution)
  return isRunning === false ? undefined : { execution, isRunning }
}

type Place = Pick<ClaimContext, 'store' | 'layout' | 'execution'>

/**
 * Does work of an execution that may claim the lake on the way: renews the claim while the work goes on, and releases it
 * afterwards, however the work ended. If the store fails meanwhile, the work does not: then the lease runs out.
 */
export async function keepClaim<T>(place: Place, work: () => Promise<T>, every = RENEWAL): Promise<T> {
  const timer = setInterval(() => void renewClaim(place).catch(() => undefined), every)
  try {
    return await work()
  } finally {
    clearInterval(timer)
    await releaseClaim(place).catch(() => undefined)
  }
}

/** Renews the claim if it is the execution's. */
export async function renewClaim(place: Place): Promise<void> {
  const claim = await readClaim(place.store, place.layout)
  if (claim?.execution !== place.execution) return
  await put(place, { execution: place.execution, renewals: (claim.renewals ?? 0) + 1 }, { ifMatch: claim.etag })
}

/** Releases the claim if it is the execution's; the object stays, because a delete could hit the claim of another. */
export async function releaseClaim(place: Place): Promise<void> {
  for (;;) {
    const claim = await readClaim(place.store, place.layout)
    if (claim?.execution !== place.execution) return
    const released = { released: place.execution, renewals: (claim.renewals ?? 0) + 1 }
    if (await put(place, released, { ifMatch: claim.etag })) return
  }
}

/** The current claim, or undefined. */
export async function readClaim(store: Store, layout: Layout): Promise<Claim | undefined> {
  const head = await store.head(layout.claim)
  if (!head) return undefined
  const reading = store.get(layout.claim, { ifMatch: head.etag })
  const bytes = await orUndefined(reading, ObjectChanged, ObjectMissing)
  return bytes ? { etag: head.etag, ...claimOf(await unsealHint(bytes)) } : readClaim(store, layout)
}

/** `renewals` gives each state of the claim another etag, even where that is a hash of the content, as on S3. */
async function put(
  { store, layout }: Place,
  claim: { readonly execution?: string; readonly released?: string; readonly renewals: number },
  condition: WriteCondition,
): Promise<boolean> {
  return (await store.put(layout.claim, await sealHint(claim), condition)).written
}

/** A damaged claim is void. */
function claimOf(hint: Readonly<Record<string, unknown>> = {}): Omit<Claim, 'etag'> {
  const { execution, renewals } = hint
  return {
    execution: typeof execution === 'string' ? execution : undefined,
    renewals: Number.isSafeInteger(renewals) ? Number(renewals) : undefined,
  }
}
