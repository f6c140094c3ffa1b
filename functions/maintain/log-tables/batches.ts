import { countsOf } from '../../protocol/state.ts'
import {
  bigints,
  commitsAt,
  inSlices,
  type LoggedLake,
  type LogRow,
  ROW_COLUMNS,
  type RowsTable,
  rowCells,
} from './log-table.ts'

/** A row for each commit of a batch: the one that readers see is `live`, the others are superseded. */
export const batchesTable: RowsTable = {
  columns: [
    { name: 'batch', type: 'string' },
    { name: 'version', type: 'bigint' },
    { name: 'operation', type: 'string' },
    { name: 'live', type: 'boolean' },
    { name: 'superseded_by', type: 'bigint' },
    { name: 'packed_into', type: 'string' },
    { name: 'ingest_date', type: 'string' },
    { name: 'committed_at', type: 'timestamp' },
    { name: 'files', type: 'bigint' },
    ...ROW_COLUMNS,
    ...bigints('parked', 'quarantined', 'deferred', 'silver_files', 'bytes_read', 'bytes_written'),
    { name: 'query_sha256', type: 'string' },
    { name: 'customers', type: 'string' },
    { name: 'customers_rows', type: 'bigint' },
    { name: 'dimensions', type: 'string' },
    { name: 'attempt', type: 'string' },
    { name: 'location', type: 'string' },
    { name: 'execution', type: 'string' },
  ],
  rows: lake => inSlices(rowsOf(lake)),
}

async function* rowsOf(lake: LoggedLake): AsyncGenerator<LogRow> {
  const { state } = lake.log
  const attempts = state.attempts()
  const versions = Array.from({ length: state.version + 1 }, (_, version) => version)
  for await (const commit of commitsAt(lake, versions)) {
    const { batch, version, operation, ingestDate, committedAt, attempt, location, execution, customers, query } =
      commit
    const { files, rows, parked, quarantined, deferred, silver, bytesRead, bytesWritten } = countsOf(commit)
    const { dimensions = null } = commit
    const now = state.batchOf(batch)
    yield {
      batch,
      version,
      operation,
      live: now?.version === version,
      superseded_by: attempts.get(attempt) ?? null,
      packed_into: now && now.batch !== batch ? now.batch : null,
      ingest_date: ingestDate,
      committed_at: committedAt,
      files,
      ...rowCells(rows),
      ...{ parked, quarantined, deferred, silver_files: silver, bytes_read: bytesRead, bytes_written: bytesWritten },
      query_sha256: query.sha256,
      customers: customers?.snapshot ?? null,
      customers_rows: customers?.rows ?? null,
      dimensions: dimensions && JSON.stringify(Object.fromEntries(dimensions.map(each => [each.name, each.snapshot]))),
      ...{ attempt, location, execution },
    }
  }
}
