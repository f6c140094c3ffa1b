import type { FilesTable } from './log-table.ts'

/** A row for each row that a rule has kept out of silver, of the batches as they are now. */
export const rejectedTable: FilesTable = {
  columns: [{ name: 'batch', type: 'string' }],
  own: state => state.schema,
  told: 'rules',
  files: async ({ log }) =>
    [...log.state.batches.values()].flatMap(({ batch, rejected = [] }) =>
      rejected.map(({ key, etag, size }) => ({
        file: { key, etag, size },
        facts: { batch },
        keys: [],
        isVoid: () => false,
        bronze: [],
      })),
    ),
}
