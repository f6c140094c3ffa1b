import { inRange } from '../../base/at.ts'
import { isOfReview, type Join } from '../../sql/compiled.ts'
import { columnsUsed } from '../../sql/evaluate.ts'
import { sameType, type Value } from '../../sql/types.ts'
import { castExpr } from '../dimensions/index-keys.ts'
import { isOwnKey, isSingle, keyOfParts } from '../dimensions/key-bytes.ts'
import type { OpenDimension } from '../dimensions/open-dimension.ts'
import { type Evaluated, type Ingredients, NO_PICKS, type OfRow, perCode, prepare, viewIndex } from './cells.ts'
import { NULL_KEY, UNMATCHED } from './fate.ts'
import type { GroupReader } from './group-reader.ts'

/** The entry of a dimension that a row's key finds; UNMATCHED or NULL_KEY if it finds none. */
export type FindKey =
  /** By the review's row alone. */
  | { readonly by: 'review'; readonly found: Int32Array }
  /** The key comes from a dimension joined before. */
  | { readonly by: 'picks'; readonly find: OfRow<number> }

/** Looks up the keys of a row group in the dimension of a join. Reads only the columns of the key. */
export async function findKeys(
  join: Join,
  dimension: OpenDimension,
  reader: GroupReader,
  ingredients: Ingredients,
): Promise<FindKey> {
  const { keys } = join
  const [first] = keys
  if (first && isSingle(keys) && first.left.op === 'column' && first.left.view === 'reviews' && isOwnKey(first.type)) {
    const { left, type } = first
    const column = reader.source.view[viewIndex(ingredients.query, left.name)]
    if (
      column?.from === 'file' &&
      column.physical &&
      sameType(column.physical.sql, type) &&
      column.physical.annotation !== 'fixed'
    ) {
      const isShared = ingredients.query.joins.filter(join => looksUp(join, left.name)).length > 1
      return { by: 'review', found: await findBytes(reader, column.node, dimension, isShared) }
    }
  }
  const bytesOf = keyOfParts(keys)
  const entryOf = (values: readonly Value[]) => {
    const bytes = bytesOf(values)
    return bytes ? dimension.find(bytes, 0, bytes.length) : NULL_KEY
  }
  const parts: Evaluated[] = []
  for (const { left, type } of keys) parts.push(await prepare(castExpr(left, type), reader, ingredients))
  const [only, other] = parts
  const find: OfRow<number> =
    only && !other
      ? perCode(only, value => entryOf([value]))
      : (review, picks) => entryOf(parts.map(part => part.evaluate(review, picks)))
  if (!keys.every(({ left }) => columnsUsed(left).every(({ view }) => isOfReview(view)))) return { by: 'picks', find }
  const found = new Int32Array(reader.group.rows)
  for (let row = 0; row < found.length; row++) found[row] = find(row, NO_PICKS)
  return { by: 'review', found }
}

/** Whether a column of the reviews is part of a join's key. */
function looksUp({ keys }: Join, name: string): boolean {
  return keys.some(({ left }) => left.op === 'column' && left.view === 'reviews' && left.name === name)
}

/**
 * Looks keys up by their bytes as they are in the file: once for each dictionary entry, or for each plain value. The pages
 * of a column that several joins look up are decoded only once.
 */
async function findBytes(
  reader: GroupReader,
  leaf: Parameters<GroupReader['chunk']>[0],
  dimension: OpenDimension,
  isShared: boolean,
): Promise<Int32Array> {
  const match = new Int32Array(reader.group.rows)
  const known = isShared ? await reader.decoded(leaf) : undefined
  const chunk = known?.chunk ?? (await reader.chunk(leaf))
  let ofEntry: Int32Array | null = null
  let row = 0
  for (const { entries, definition, values } of known?.pages ?? chunk.decoded()) {
    let found: Int32Array
    if (values.kind === 'plain') found = dimension.findAll(values.plain)
    else {
      ofEntry ??= chunk.dictionary ? dimension.findAll(chunk.dictionary) : new Int32Array(0)
      const { codes, count } = values
      found = isShared ? new Int32Array(count) : codes
      for (let i = 0; i < count; i++) found[i] = ofEntry[inRange(codes[i])] ?? UNMATCHED
    }
    if (!definition) match.set(found, row)
    else {
      let next = 0
      for (let i = 0; i < entries; i++) match[row + i] = definition[i] === 1 ? (found[next++] ?? UNMATCHED) : NULL_KEY
    }
    row += entries
  }
  return match
}
