import { type Regex, RegexRefused } from './syntax.ts'

/**
 * Refuses repetitions that Java and JavaScript match differently, and names the capturing groups that they can remember
 * differently `_1`, `_2`, … (a name that no group of Java can have), so that nobody refers to them.
 *
 * A turn of a loop that matches nothing ends the loop in Java; JavaScript takes it back and tries the next way. That is
 * the same as long as nothing is the last thing that a turn tries. And where a loop skips a group, JavaScript
 * forgets what the group had in the turn before, Java keeps it.
 */
export function checkLoops(regex: Regex): Regex {
  let unsure = 0
  const rename = () => `(?<_${++unsure}>`
  return check(regex, { sure: true, inLook: false, rename })
}

interface Place {
  /** Whether a group here takes part in every turn of the loops around it. */
  readonly sure: boolean
  /** Whether a lookbehind or a negative lookahead is around. */
  readonly inLook: boolean
  readonly rename: () => string
}

function check(regex: Regex, place: Place, inLoop = false): Regex {
  const within = (body: Regex, sure = true) => check(body, { ...place, sure: place.sure && sure }, inLoop)
  switch (regex.kind) {
    case 'class':
    case 'verbatim':
      return regex
    case 'sequence':
      return { ...regex, items: regex.items.map(item => within(item)) }
    case 'choice':
      return { ...regex, options: regex.options.map(option => within(option, !inLoop)) }
    case 'group': {
      const captures = regex.open === '(' || regex.open.startsWith('(?<')
      const open = captures && !(place.sure && !place.inLook) ? place.rename() : regex.open
      return { ...regex, open, body: within(regex.body) }
    }
    case 'look': {
      const inLook = place.inLook || regex.open !== '(?='
      return { ...regex, body: check(regex.body, { ...place, sure: place.sure && !inLoop, inLook }, inLoop) }
    }
    case 'repeat':
      return repeat(regex, place, inLoop)
  }
}

function repeat(regex: Extract<Regex, { kind: 'repeat' }>, place: Place, inLoop: boolean): Regex {
  const { body, min, max } = regex
  if (max <= 1) {
    return { ...regex, body: check(body, { ...place, sure: place.sure && (min > 0 || !inLoop) }, inLoop) }
  }
  const empty = canBeEmpty(body)
  if (empty && !emptyLast(body)) {
    throw new RegexRefused('a repeated group tries to match nothing before it tries to match something', 0)
  }
  return { ...regex, body: check(body, { ...place, sure: place.sure && !empty && (min > 0 || !inLoop) }, true) }
}

function canBeEmpty(regex: Regex): boolean {
  switch (regex.kind) {
    case 'class':
      return false
    case 'verbatim':
    case 'look':
      return true
    case 'sequence':
      return regex.items.every(canBeEmpty)
    case 'choice':
      return regex.options.some(canBeEmpty)
    case 'group':
      return canBeEmpty(regex.body)
    case 'repeat':
      return regex.min === 0 || canBeEmpty(regex.body)
  }
}

/** Whether to match nothing, if it can, is the last that it tries. */
function emptyLast(regex: Regex): boolean {
  if (!canBeEmpty(regex)) return true
  switch (regex.kind) {
    case 'sequence':
      return regex.items.every(emptyLast)
    case 'choice': {
      const last = regex.options.at(-1)
      return last !== undefined && emptyLast(last) && !regex.options.slice(0, -1).some(canBeEmpty)
    }
    case 'group':
      return emptyLast(regex.body)
    case 'repeat':
      return !regex.lazy && emptyLast(regex.body)
    default:
      return true
  }
}
