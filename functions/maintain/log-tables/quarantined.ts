import { needCommit } from '../../log/read.ts'
import { inSlices, type LoggedLake, type LogRow, type RowsTable } from './log-table.ts'

/** A row for each bronze file that the log has in quarantine. */
export const quarantinedTable: RowsTable = {
  columns: [
    { name: 'key', type: 'string' },
    { name: 'reason', type: 'string' },
    { name: 'since', type: 'timestamp' },
    { name: 'etag', type: 'string' },
    { name: 'size', type: 'bigint' },
    { name: 'modified', type: 'timestamp' },
    { name: 'batch', type: 'string' },
  ],
  rows: lake => inSlices(rowsOf(lake)),
}

async function* rowsOf({ store, layout, log }: LoggedLake): AsyncGenerator<LogRow> {
  const times = new Map<string, string | null>()
  for await (const { key, reason, etag, size, modified, batch } of log.bronze()) {
    if (reason === undefined) continue
    if (!times.has(batch)) {
      // a batch quarantines when it is first committed: one that can't be read is not written again
      const first = log.state.sinceOf(batch)
      times.set(batch, first === undefined ? null : (await needCommit(store, layout, first)).committedAt)
    }
    yield { key, reason, since: times.get(batch) ?? null, etag, size, modified, batch }
  }
}
