import type { Html } from '../draw/html.ts'
import { sankey } from '../draw/sankey.ts'
import type { RowFlow } from './flow.ts'

/** Where the rows or files behind a number are shown; without an address it is only a number. */
export type FlowAddresses = Readonly<
  Partial<Record<'bronze' | 'again' | 'generated' | 'filtered' | 'rejected' | 'silver' | 'parked', string>>
>

/** Where the rows of some commits went: from bronze, and from what waited, to silver or elsewhere. */
export function flowPicture(flow: RowFlow, addresses: FlowAddresses = {}): Html {
  const { rows, bronze, again, parked } = flow
  const { generated = 0, rejected = 0 } = rows
  const other = rows.unmatched - parked
  const inSilver = Math.min(rows.written, rows.matched)
  return sankey(
    'Where the rows went',
    [
      { id: 'bronze', label: 'rows of bronze', tone: 'source', column: 0, href: addresses.bronze },
      { id: 'again', label: 'waiting rows, tried again', tone: 'waiting', column: 0, href: addresses.again },
      { id: 'generated', label: 'made of one row each', tone: 'source', column: 0, href: addresses.generated },
      { id: 'read', label: 'read', tone: 'source', column: 1 },
      { id: 'matched', label: 'met their customer', tone: 'good', column: 2 },
      { id: 'unmatched', label: 'no customer yet', tone: 'waiting', column: 2 },
      { id: 'nullKey', label: 'without a key', tone: 'lost', column: 2 },
      { id: 'filtered', label: 'filtered', tone: 'lost', column: 2, href: addresses.filtered },
      { id: 'rejected', label: 'rejected by a rule', tone: 'bad', column: 2, href: addresses.rejected },
      {
        ...{ id: 'silver', label: 'written to silver', tone: 'good', column: 3 },
        ...{ value: rows.written, href: addresses.silver },
      },
      { id: 'parked', label: 'parked, waiting', tone: 'waiting', column: 3, href: addresses.parked },
      { id: 'other', label: 'parked before, or left out', tone: 'lost', column: 3 },
    ],
    [
      { from: 'bronze', to: 'read', rows: bronze.rows },
      { from: 'again', to: 'read', rows: again.rows },
      { from: 'generated', to: 'read', rows: generated },
      { from: 'read', to: 'matched', rows: rows.matched },
      { from: 'read', to: 'unmatched', rows: rows.unmatched },
      { from: 'read', to: 'nullKey', rows: rows.nullKey },
      { from: 'read', to: 'filtered', rows: rows.filtered },
      { from: 'read', to: 'rejected', rows: rejected },
      { from: 'matched', to: 'silver', rows: inSilver },
      { from: 'unmatched', to: 'parked', rows: parked },
      { from: 'unmatched', to: 'other', rows: other },
    ],
  )
}
