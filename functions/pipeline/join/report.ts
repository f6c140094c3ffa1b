import type { Report } from '../../base/logger.ts'
import { sumRows } from '../../protocol/commit.ts'
import type { ItemResult } from '../../protocol/result.ts'

/** What the log says of an item: the rows in sum, and each file that was left out with the reason. */
export function reportItem({ batch, attempt, item, bronze, unparked, parked, ...left }: ItemResult): Report {
  const subject = { batch, attempt, item }
  const told = (message: string) => (file: { readonly key: string; readonly reason: string }) => {
    return { ...subject, message, key: file.key, reason: file.reason }
  }
  return {
    fields: {
      ...subject,
      files: bronze.length + unparked.length,
      ...sumRows([...bronze, ...unparked].map(({ rows }) => rows)),
      parked: parked.reduce((sum, { rows }) => sum + rows, 0),
    },
    warnings: [...left.quarantined.map(told('quarantined')), ...left.deferred.map(told('deferred'))],
  }
}
