/**
 * What the time of an item goes to: `read`, the bytes of its sources and decoding them; `join`, filters, looking keys up, and
 * evaluating; `write`, encoding, and bytes to the store.
 */
export type Phase = 'read' | 'join' | 'write'

/** Is told what work belongs to: row groups, column chunks, pages and requests, never single rows. */
export interface PhaseTimer {
  /** Does work that belongs to a phase. What is done within it for another phase may be told too, and counts there. */
  during<T>(phase: Phase, work: () => Promise<T>): Promise<T>
  /** The same with work that does not wait. */
  duringSync<T>(phase: Phase, work: () => T): T
}

/** Where nobody wants to know. */
export const UNTIMED: PhaseTimer = {
  during: (_, work) => work(),
  duringSync: (_, work) => work(),
}
