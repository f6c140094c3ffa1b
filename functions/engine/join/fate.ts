/*
 * What becomes of a row in a step, or in all of them. These are numbers so that a match is one too: the entry that a key
 * finds, from 0, or why it finds none.
 */

export const MATCHED = 0
/** The key is not there. */
export const UNMATCHED = -1
/** A condition excludes the row. */
export const FILTERED = -2
export const NULL_KEY = -3
/** Rules drop all that the query makes of the row. */
export const REJECTED = -5
/** An earlier commit of the same batch parked the row. */
export const LEFT_OUT = -4
