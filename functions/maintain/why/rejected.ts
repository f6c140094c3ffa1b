import { ObjectMissing } from '../../base/errors.ts'
import { blaming } from '../../engine/sources/file-fault.ts'
import { parkedSource } from '../../engine/sources/open-source.ts'
import { PROVENANCE, RULES } from '../../engine/sources/source-file.ts'
import { readColumns } from '../../parquet/values/read-columns.ts'
import type { BatchCommit } from '../../protocol/commit.ts'
import { columnNamed } from '../known-column.ts'
import type { ReadableLake } from '../readable-lake.ts'
import { reasonOf, rowsWith, type SoughtReview, type Unsearched } from './find-rows.ts'

/** A row that rules have kept out of silver: the bronze file that it comes from, and the names of the rules. */
export interface RejectedRow {
  readonly bronze: string
  readonly rules: string
}

/** The rejected rows of a commit that have an id. A file that can't be searched is added to `unsearched`. */
export async function rejectedWith(
  lake: ReadableLake,
  { rejected = [], schema }: BatchCommit,
  { column, id }: SoughtReview,
  unsearched: Unsearched[],
): Promise<RejectedRow[]> {
  const name = columnNamed(schema, column)
  const found: RejectedRow[] = []
  for (const { key } of name === undefined ? [] : rejected) {
    try {
      const info = await lake.store.head(key)
      if (!info) throw new ObjectMissing(`${key} is gone`)
      const rows = await rowsWith(lake, info, name ?? column, id)
      if (rows.length === 0) continue
      const source = parkedSource(lake.store, info, [])
      const columns = [RULES.name, PROVENANCE[0].name]
      const [rules, bronze] = await blaming(key, () => readColumns(source, columns, lake.codecs))
      found.push(...rows.map(row => ({ bronze: String(bronze?.[row]), rules: String(rules?.[row]) })))
    } catch (error) {
      unsearched.push({ key, reason: reasonOf(error) })
    }
  }
  return found
}

/** What is said of a rejected row. */
export function tellRejected(rules: string, { batch }: BatchCommit): string {
  return `rejected: it breaks ${rules}; silver.rejected of batch ${batch} has it`
}
