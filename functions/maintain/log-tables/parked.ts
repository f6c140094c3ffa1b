import { voidIn } from '../../log/fold.ts'
import { keyColumns } from '../read-parked.ts'
import type { FilesTable } from './log-table.ts'

/** A row for each review that waits for a row of a dimension. */
export const parkedTable: FilesTable = {
  columns: [
    { name: 'waiting_since', type: 'timestamp' },
    { name: 'batch', type: 'string' },
  ],
  own: state => state.reviews,
  told: 'missing_key',
  files: async lake => {
    const { state } = lake.log
    const isVoid = voidIn(state.superseded)
    const keys = new Map<string, readonly string[]>()
    for (const { batch } of state.parked.values()) {
      if (!keys.has(batch)) keys.set(batch, await keyColumns(lake, state, batch))
    }
    return [...state.parked.values()].map(({ key, etag, size, since, batch, bronze }) => ({
      file: { key, etag, size },
      facts: { waiting_since: since, batch },
      keys: keys.get(batch) ?? [],
      isVoid: version => isVoid(key, version),
      bronze,
    }))
  },
}
