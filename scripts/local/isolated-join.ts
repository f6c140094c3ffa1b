import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { localExecutions } from '../../functions/adapters/directory/process.ts'
import { type Claim, readClaim } from '../../functions/lake/claim.ts'
import type { Layout } from '../../functions/lake/layout.ts'
import type { Store } from '../../functions/lake/store.ts'
import type { ReadLimits } from '../../functions/parquet/metadata/read-limits.ts'

/** What a process that joins one item is given. */
export interface JoinRequest {
  /** The lake's directory, or its URI. */
  readonly root: string
  readonly payload: unknown
  readonly reading?: Reading
}

/** How files are read. */
export interface Reading {
  readonly limits: ReadLimits
  readonly verifyPages: boolean
}

/** What it answers. */
export type JoinAnswer =
  | { readonly result: unknown }
  | { readonly error: { readonly name: string; readonly message: string } }

const CHILD = fileURLToPath(new URL('./join-process.ts', import.meta.url))
/** Milliseconds that a process may take for an item: what Lambda allows. */
const LONGEST = 900_000

/**
 * Join in processes of their own, one item at a time in each, as on Lambda: a file that kills its worker does not take the
 * run along. The end of a process comes as the error that Step Functions would tell of. One that has answered is used again.
 */
export function isolatedJoin(
  root: string,
  reading?: Reading,
  longest = LONGEST,
): (payload: unknown) => Promise<unknown> {
  const idle: ChildProcess[] = []
  return async payload => {
    let child = idle.pop()
    while (child && !child.connected) child = idle.pop()
    child ??= fork(CHILD, { execArgv: [], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
    keepAlive(child, true)
    try {
      const answer = await ask(child, { root, payload, ...(reading && { reading }) }, longest)
      idle.push(child)
      if ('result' in answer) return answer.result
      throw named(answer.error.name, answer.error.message)
    } finally {
      keepAlive(child, false)
    }
  }
}

/** Gives a process one item. What else it may say or do later is not listened to. */
function ask(child: ChildProcess, request: JoinRequest, longest: number): Promise<JoinAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<JoinAnswer>()
  let timedOut = false
  const timer = setTimeout(() => {
    timedOut = true
    child.kill('SIGKILL')
  }, longest)
  const ended = (code: number | null, signal: string | null) => {
    const how = signal ? `signal: ${signal}` : `exit status ${code}`
    reject(named(timedOut ? 'Sandbox.Timedout' : 'Runtime.ExitError', `the process of Join ended: ${how}`))
  }
  child.on('message', resolve).on('error', reject).on('exit', ended)
  child.send(request, () => undefined) // to a process that has just ended: `exit` follows
  return promise.finally(() => {
    clearTimeout(timer)
    child.off('message', resolve).off('error', reject).off('exit', ended)
  })
}

/** A process without work does not keep this one from its end; it ends when this one does. */
function keepAlive(child: ChildProcess, busy: boolean): void {
  for (const each of [child, child.channel]) busy ? each?.ref() : each?.unref()
}

/**
 * Whether the last run on a lake died in the middle: its claim was not released. Which item killed it nobody knows, so that
 * the next run isolates each. Runs of other machines count, unless one is known to live.
 */
export async function lastRunDied(store: Store, layout: Layout): Promise<boolean> {
  const claim = await readClaim(store, layout)
  return claim !== undefined && wasLocal(claim) && (await localExecutions.isRunning(claim.execution)) !== true
}

/** Claims of stages and of earlier versions are never released, and tell nothing. */
function wasLocal(claim: Claim): claim is Claim & { readonly execution: string } {
  return claim.renewals !== undefined && claim.execution?.startsWith('local:') === true
}

function named(name: string, message: string): Error {
  return Object.assign(new Error(message), { name })
}
