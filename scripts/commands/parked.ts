import { codecs } from '../../functions/adapters/codecs.ts'
import { count, duration, many } from '../../functions/base/text.ts'
import { needColumn } from '../../functions/maintain/known-column.ts'
import { type ParkedReview, parkedReviews } from '../../functions/maintain/read-parked.ts'
import { readWholeLog } from '../../functions/readers/whole-log.ts'
import { defineCommand, factsJson, JSON_OPTION, oneOf, wholeNumber } from '../command-line/command.ts'
import { ANY_LAKE_OPTIONS, openAnyLake } from '../lakes/open-lake.ts'
import { print } from '../terminal/print.ts'
import { table, terminalWidth } from '../terminal/table.ts'

export default defineCommand(
  {
    purpose: 'Lists the reviews that wait for their customer, or the customers that they wait for, oldest first.',
    options: {
      ...ANY_LAKE_OPTIONS,
      by: { type: 'string', default: 'review', value: 'review|customer', help: 'what each line shows' },
      limit: { type: 'string', default: '50', value: 'N', help: 'the most lines to show' },
      column: { type: 'string', default: 'review_id', value: 'NAME', help: 'the column that holds the id of a review' },
      customer: {
        type: 'string',
        value: 'NAME',
        help: "the column that holds the id of its customer; default: the query's join key",
      },
      ...JSON_OPTION,
    },
  },
  async values => {
    const by = oneOf('by', values.by, ['review', 'customer'])
    const limit = wholeNumber('limit', values.limit)
    const lake = await openAnyLake(values)
    const { state } = (await readWholeLog(lake.store, lake.layout)).log
    if (by === 'review') needColumn('column', values.column, state.reviews)
    if (values.customer !== undefined) needColumn('customer', values.customer, state.reviews)
    const waiting = parkedReviews({ ...lake, codecs: codecs() }, state, {
      id: values.column,
      customer: values.customer,
    })
    const { rows, all } = await (by === 'review' ? listReviews(waiting, limit) : countCustomers(waiting, limit))
    if (values.json) return print(factsJson(rows))
    if (all === 0) return print('no review waits for its customer')
    const now = Date.now()
    const cells = rows.map(({ since, ...row }) => ({ ...row, waits: duration(now - Date.parse(since)) }))
    const header = Object.keys(cells[0] ?? {})
    print(
      table(
        header,
        cells.map(row => Object.values(row)),
        terminalWidth(),
        ['review', 'customer'],
      ),
    )
    if (all > rows.length) print(`${count(rows.length)} of ${many(all, by)}: --limit shows more`)
  },
)

/** The lines to show, and how many there are in all. */
interface Lines {
  readonly rows: readonly { readonly since: string }[]
  readonly all: number
}

async function listReviews(waiting: AsyncIterable<ParkedReview>, limit: number): Promise<Lines> {
  const rows: Lines['rows'][number][] = []
  let all = 0
  for await (const { id, customer, dimension, batch, bronze, row, since } of waiting) {
    const key = dimension === undefined ? { customer } : { dimension, key: customer }
    if (all++ < limit) rows.push({ ...{ review: id, ...key, batch, bronze, row }, since })
  }
  return { rows, all }
}

async function countCustomers(waiting: AsyncIterable<ParkedReview>, limit: number): Promise<Lines> {
  const customers = new Map<
    string,
    { dimension?: string; customer: string | null; reviews: number; batch: string; since: string }
  >()
  for await (const { customer, dimension, batch, since } of waiting) {
    const id = JSON.stringify([dimension, customer])
    const known = customers.get(id)
    if (known) known.reviews++
    else customers.set(id, { ...(dimension !== undefined && { dimension }), customer, reviews: 1, batch, since })
  }
  return { rows: [...customers.values()].slice(0, limit), all: customers.size }
}
