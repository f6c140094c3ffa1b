import * as v from 'valibot'
import { DEATHS, InvalidInput } from '../../base/errors.ts'
import { parseShape } from '../../base/parse-shape.ts'
import { isData } from '../../lake/keys.ts'
import type { Layout } from '../../lake/layout.ts'
import { type Item, parseQueryKey } from '../../protocol/plan.ts'
import type { Death } from './death.ts'

const file = { key: v.string(), etag: v.string(), size: v.pipe(v.number(), v.integer(), v.minValue(0)) }

const schema = v.object({
  item: v.object({
    item: v.pipe(v.number(), v.integer(), v.minValue(0)),
    bronze: v.array(
      v.object({ ...file, modified: v.pipe(v.string(), v.isoTimestamp()), misfit: v.exactOptional(v.string()) }),
    ),
    parked: v.array(v.object(file)),
  }),
  died: v.exactOptional(v.object({ Error: v.picklist(DEATHS), Cause: v.optional(v.string()) })),
})

/** What Join is asked for. With `died` the item has no files, only its number: the plan names those it is to do without. */
export interface JoinInput {
  readonly query: string
  readonly item: Item
  readonly died?: Death
}

/** Reads Join's input `{format, query, item}`. Keys must be of this lake's reviews and parked files. */
export function parseJoinInput(input: unknown, layout: Layout): JoinInput {
  const query = parseQueryKey(input, layout)
  const { item, died } = parseShape(schema, input, '{"format", "query", "item"}')
  const parked = `${layout.hidden}parked/`
  const foreign =
    item.bronze.find(({ key }) => !isData(key, layout.roots.reviews)) ??
    item.parked.find(({ key }) => !key.startsWith(parked))
  if (foreign)
    throw new InvalidInput('the item names a file that is neither a review file nor a parked file of this lake')
  return { query, item, ...(died && { died }) }
}
