import type { Html } from '../../../functions/draw/html.ts'
import { sankey } from '../../../functions/draw/sankey.ts'
import type { RowFlow } from '../../../functions/maintain/console/flow.ts'
import { address } from './view.ts'

/** Where the rows of some commits went: from bronze, and from what waited, to silver or elsewhere. */
export function flowPicture(flow: RowFlow, batch?: string): Html {
  const { rows, bronze, again, parked } = flow
  const other = rows.unmatched - parked
  const inSilver = Math.min(rows.written, rows.matched)
  const only = batch === undefined ? '' : ` WHERE batch = '${batch}'`
  const rejected = address('/rows', { sql: `SELECT * FROM silver.rejected${only}` })
  const waiting = address('/rows', { set: 'parked', batch })
  return sankey(
    'Where the rows went',
    [
      {
        id: 'bronze',
        label: 'rows of bronze',
        tone: 'source',
        column: 0,
        href: address(batch ? `/batch/${batch}` : '/batches'),
      },
      { id: 'again', label: 'waiting rows, tried again', tone: 'waiting', column: 0, href: waiting },
      { id: 'generated', label: 'made of one row each', tone: 'source', column: 0, href: '/query' },
      { id: 'read', label: 'read', tone: 'source', column: 1 },
      { id: 'matched', label: 'met their customer', tone: 'good', column: 2 },
      { id: 'unmatched', label: 'no customer yet', tone: 'waiting', column: 2 },
      { id: 'nullKey', label: 'without a key', tone: 'lost', column: 2 },
      { id: 'filtered', label: 'filtered', tone: 'lost', column: 2, href: '/query' },
      { id: 'rejected', label: 'rejected by a rule', tone: 'bad', column: 2, href: rejected },
      {
        id: 'silver',
        label: 'written to silver',
        tone: 'good',
        column: 3,
        value: rows.written,
        href: address('/rows', { batch }),
      },
      { id: 'parked', label: 'parked, waiting', tone: 'waiting', column: 3, href: waiting },
      { id: 'other', label: 'parked before, or left out', tone: 'lost', column: 3 },
    ],
    [
      { from: 'bronze', to: 'read', rows: bronze.rows },
      { from: 'again', to: 'read', rows: again.rows },
      { from: 'generated', to: 'read', rows: rows.generated ?? 0 },
      { from: 'read', to: 'matched', rows: rows.matched },
      { from: 'read', to: 'unmatched', rows: rows.unmatched },
      { from: 'read', to: 'nullKey', rows: rows.nullKey },
      { from: 'read', to: 'filtered', rows: rows.filtered },
      { from: 'read', to: 'rejected', rows: rows.rejected ?? 0 },
      { from: 'matched', to: 'silver', rows: inSilver },
      { from: 'unmatched', to: 'parked', rows: parked },
      { from: 'unmatched', to: 'other', rows: other },
    ],
  )
}
