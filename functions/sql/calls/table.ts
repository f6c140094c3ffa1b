import { ARITHMETIC } from './arithmetic.ts'
import { ARRAY_SETS } from './array-sets.ts'
import { ARRAYS } from './arrays.ts'
import { BITS } from './bits.ts'
import { CHARACTERS } from './characters.ts'
import { DATES } from './dates.ts'
import type { Definition } from './definition.ts'
import { ENCODINGS } from './encodings.ts'
import { EPOCHS } from './epochs.ts'
import { FORMATS } from './formats.ts'
import { GENERATORS } from './generators.ts'
import { HASHES } from './hashes.ts'
import { JSON_FUNCTIONS } from './json.ts'
import { LAMBDAS } from './lambdas.ts'
import { LOGIC } from './logic.ts'
import { MAPS } from './maps.ts'
import { MATH } from './math.ts'
import { PATTERNS } from './patterns.ts'
import { ROUNDING } from './rounding.ts'
import { TEXT } from './text.ts'

/**
 * All functions and operators: what types a call, what evaluates it, and what docs/sql.md lists. CAST is
 * apart.
 */
export const TABLE: readonly Definition[] = [
  ...LOGIC,
  ...ARITHMETIC,
  ...ROUNDING,
  ...MATH,
  ...BITS,
  ...TEXT,
  ...CHARACTERS,
  ...PATTERNS,
  ...ENCODINGS,
  ...FORMATS,
  ...HASHES,
  ...DATES,
  ...EPOCHS,
  ...ARRAYS,
  ...ARRAY_SETS,
  ...MAPS,
  ...LAMBDAS,
  ...JSON_FUNCTIONS,
  ...GENERATORS,
]

const BY_NAME = new Map(TABLE.flatMap(definition => definition.names.map(name => [name, definition] as const)))

/** The definition of a function by any of its names, in any case. */
export function definitionOf(name: string): Definition | undefined {
  return BY_NAME.get(name.toLowerCase())
}
