import * as v from 'valibot'
import { isData } from '../lake/keys.ts'
import type { Layout } from '../lake/layout.ts'
import type { Item } from '../planning/batch-plan.ts'
import { parseQueryKey } from '../planning/read-plan.ts'
import { InvalidInput } from '../runtime/errors.ts'

const file = { key: v.string(), etag: v.string(), size: v.pipe(v.number(), v.integer(), v.minValue(0)) }

const schema = v.object({
  item: v.object({
    item: v.pipe(v.number(), v.integer(), v.minValue(0)),
    bronze: v.array(
      v.object({ ...file, modified: v.pipe(v.string(), v.isoTimestamp()), misfit: v.exactOptional(v.string()) }),
    ),
    parked: v.array(v.object(file)),
  }),
})

/** Reads Join's input `{format, query, item}`. Keys must be of this lake's reviews and parked files. */
export function parseJoinInput(input: unknown, layout: Layout): { readonly query: string; readonly item: Item } {
  const query = parseQueryKey(input, layout)
  const parsed = v.safeParse(schema, input)
  if (!parsed.success) {
    const [issue] = parsed.issues
    throw new InvalidInput(`the input's ${v.getDotPath(issue) ?? 'item'}: ${issue.message}`)
  }
  const { item } = parsed.output
  const parked = `${layout.hidden}parked/`
  const foreign =
    item.bronze.find(({ key }) => !isData(key, layout.roots.reviews)) ??
    item.parked.find(({ key }) => !key.startsWith(parked))
  if (foreign)
    throw new InvalidInput('the item names a file that is neither a review file nor a parked file of this lake')
  return { query, item }
}
