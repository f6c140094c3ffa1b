import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { type Claim, readClaim } from '../functions/lake/claim.ts'
import type { Layout } from '../functions/lake/layout.ts'
import type { Store } from '../functions/lake/store.ts'
import { localExecutions } from './process.ts'

/** What a process that joins one item is given. */
export interface JoinRequest {
  /** The lake's directory. */
  readonly root: string
  readonly payload: unknown
}

/** What it answers. */
export type JoinAnswer =
  | { readonly result: unknown }
  | { readonly error: { readonly name: string; readonly message: string } }

const CHILD = fileURLToPath(new URL('./join-process.ts', import.meta.url))
/** Milliseconds that a process may take for an item: what Lambda allows. */
const LONGEST = 900_000

/**
 * Join in a process of its own for each item, as on Lambda: a file that kills its worker does not take the run along. The
 * end of the process comes as the error that Step Functions would tell of.
 */
export function isolatedJoin(root: string, longest = LONGEST): (payload: unknown) => Promise<unknown> {
  return payload =>
    new Promise((done, fail) => {
      const child = fork(CHILD, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
      let timedOut = false
      const timer = setTimeout(() => {
        timedOut = true
        child.kill('SIGKILL')
      }, longest)
      child.on('message', (answer: JoinAnswer) => {
        if ('result' in answer) done(answer.result)
        else fail(named(answer.error.name, answer.error.message))
      })
      child.on('error', fail)
      child.on('exit', (code, signal) => {
        clearTimeout(timer)
        const how = signal ? `signal: ${signal}` : `exit status ${code}`
        const name = timedOut ? 'Sandbox.Timedout' : 'Runtime.ExitError'
        fail(named(name, `the process of Join ended: ${how}`)) // no matter where it has answered
      })
      child.send({ root, payload } satisfies JoinRequest, error => error && fail(error))
    })
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
  return claim.format >= 2 && claim.execution?.startsWith('local:') === true
}

function named(name: string, message: string): Error {
  return Object.assign(new Error(message), { name })
}
