/**
 * What an item's time goes to: `read`, getting the bytes of its sources and decoding them; `join`, filtering, looking up keys
 * and evaluating; `write`, encoding and sending bytes to the store.
 */
export type Phase = 'read' | 'join' | 'write'

/** Learns which phase work belongs to: of row groups, column chunks, pages and requests, never of single rows. */
export interface PhaseTimer {
  /** Does work that belongs to a phase. Within it, work for another phase can be reported too, and counts there. */
  during<T>(phase: Phase, work: () => Promise<T>): Promise<T>
  /** The same with work that does not wait. */
  duringSync<T>(phase: Phase, work: () => T): T
}

/** For when nobody wants to know. */
export const UNTIMED: PhaseTimer = {
  during: (_, work) => work(),
  duringSync: (_, work) => work(),
}
