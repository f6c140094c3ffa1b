import * as v from 'valibot'
import { parseShape } from '../../base/parse-shape.ts'
import { type ClaimContext, holderOf, LEASE, type Starter } from '../../lake/claim.ts'

export interface WakeDependencies extends Pick<ClaimContext, 'store' | 'layout' | 'executions'> {
  readonly starter: Starter
  /** UTC milliseconds. */
  readonly clock: () => number
}

/** One message of the queue. What it says is not looked at: it wakes, and names no work. */
export interface WakeMessage {
  readonly messageId: string
  /** When it was sent, in UTC milliseconds. */
  readonly sent: number
}

/** What Lambda does with the messages: those named here come again, the others are deleted. */
export interface Woken {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[]
  /** The execution that was started, or null. */
  readonly started: string | null
  /** The execution at work, for which the messages wait, or null. */
  readonly holder: string | null
}

/**
 * Starts an execution for the messages of a batch, or leaves them in the queue while another execution is at work: the
 * queue is the mark that there may be news. They may be deleted once an execution was started after they arrived, because
 * that one takes the claim before it lists bronze. Whoever takes the claim in between lists after that too.
 *
 * Throws ExecutionsUnavailable and StoreUnavailable, after which all messages come again.
 */
export async function wake(messages: readonly WakeMessage[], dependencies: WakeDependencies): Promise<Woken> {
  const { starter, clock } = dependencies
  const holder = await holderOf(dependencies)
  const now = clock()
  const oldest = Math.min(...messages.map(({ sent }) => sent))
  // Nothing is known here of a run on somebody's machine. Plan watches whether it renews its claim, so it is started in time.
  const isHeld = holder && (holder.isRunning ?? now - oldest < LEASE)
  if (isHeld || messages.length === 0) return { ...left(messages), started: null, holder: holder?.execution ?? null }
  const name = wakeName(now)
  if (!(await starter.start(name))) return { ...left(messages), started: null, holder: null }
  return { ...left([]), started: name, holder: null }
}

function left(messages: readonly WakeMessage[]): Pick<Woken, 'batchItemFailures'> {
  return { batchItemFailures: messages.map(({ messageId }) => ({ itemIdentifier: messageId })) }
}

/** The name of an execution that is started at a time (UTC milliseconds), such as `wake-20261130T071500123Z`. */
export function wakeName(now: number): string {
  return `wake-${new Date(now).toISOString().replaceAll(/[-:.]/g, '')}`
}

const eventSchema = v.object({
  Records: v.array(
    v.object({
      messageId: v.pipe(v.string(), v.minLength(1)),
      attributes: v.object({ SentTimestamp: v.pipe(v.string(), v.regex(/^\d{1,15}$/)) }),
    }),
  ),
})

/** Reads the event that Lambda makes of a queue's messages. Throws InvalidInput. */
export function parseWakeEvent(event: unknown): WakeMessage[] {
  const { Records } = parseShape(eventSchema, event, 'an event of an SQS queue')
  return Records.map(({ messageId, attributes }) => ({ messageId, sent: Number(attributes.SentTimestamp) }))
}
