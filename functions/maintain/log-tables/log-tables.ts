import { batchesTable } from './batches.ts'
import { filesTable } from './files.ts'
import type { LogTable } from './log-table.ts'
import { parkedTable } from './parked.ts'
import { quarantinedTable } from './quarantined.ts'
import { rejectedTable } from './rejected.ts'

/** The tables that `query` knows besides `silver.reviews`, by name in lower case. docs/operations.md lists their columns. */
export const LOG_TABLES: Readonly<Record<string, LogTable>> = {
  batches: batchesTable,
  files: filesTable,
  parked: parkedTable,
  quarantined: quarantinedTable,
  rejected: rejectedTable,
}
