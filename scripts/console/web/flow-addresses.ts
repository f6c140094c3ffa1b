import type { FlowAddresses } from '../../../functions/report/flow-picture.ts'
import { address } from './view.ts'

/** Where the console shows the rows or files behind the numbers of a flow, of one batch or all. */
export function flowAddresses(batch?: string): FlowAddresses {
  const only = batch === undefined ? '' : ` WHERE batch = '${batch}'`
  const waiting = address('/rows', { set: 'parked', batch })
  return {
    bronze: address(batch ? `/batch/${batch}` : '/batches'),
    again: waiting,
    generated: '/query',
    filtered: '/query',
    rejected: address('/rows', { sql: `SELECT * FROM silver.rejected${only}` }),
    silver: address('/rows', { batch }),
    parked: waiting,
  }
}
