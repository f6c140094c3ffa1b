/*
 * What a step, or all of them, make of a row. As numbers, so that a match is one: the entry that a key finds, from 0, or why
 * it finds none.
 */

export const MATCHED = 0
/** The key is not there. */
export const UNMATCHED = -1
/** A condition leaves the row out. */
export const FILTERED = -2
export const NULL_KEY = -3
/** Rules drop all that there would be of the row. */
export const REJECTED = -5
/** An earlier commit of the same batch has parked the row. */
export const LEFT_OUT = -4
