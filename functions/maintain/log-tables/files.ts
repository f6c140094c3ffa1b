import {
  commitsAt,
  inSlices,
  type LoggedLake,
  type LogRow,
  ROW_COLUMNS,
  type RowsTable,
  rowCells,
} from './log-table.ts'

/** A row for each bronze file that is joined, as its batch is now. */
export const filesTable: RowsTable = {
  columns: [
    { name: 'key', type: 'string' },
    { name: 'etag', type: 'string' },
    { name: 'size', type: 'bigint' },
    { name: 'modified', type: 'timestamp' },
    { name: 'batch', type: 'string' },
    ...ROW_COLUMNS,
    { name: 'silver_file', type: 'string' },
  ],
  rows: lake => inSlices(rowsOf(lake)),
}

async function* rowsOf(lake: LoggedLake): AsyncGenerator<LogRow> {
  const { log, layout } = lake
  const live = [...log.state.batches.values()].map(({ version }) => version).sort((a, b) => a - b)
  for await (const { batch, bronze, location } of commitsAt(lake, live)) {
    const folder = layout.roots.silver + location
    for (const { key, etag, size, modified, rows, silver } of bronze) {
      yield { key, etag, size, modified, batch, ...rowCells(rows), silver_file: folder + silver }
    }
  }
}
