import type { BatchCommit } from '../../protocol/commit.ts'
import { columnNamed } from '../known-column.ts'
import type { ReadableLake } from '../readable-lake.ts'
import { rowsWith, type SoughtReview } from './find-rows.ts'

/** Whether a Spark job has joined the batch: then it is not known which of its rows came from which bronze file. */
export function isTakenOver({ bronze, unparked, rows }: BatchCommit): boolean {
  return rows.read > 0 && unparked.length === 0 && bronze.every(file => file.rows.read === 0)
}

/** What the silver files of a Spark job say of a review: whether one has a row of its id. */
export async function tellTakenOver(
  { location, schema, silver }: BatchCommit,
  { column, id, ...lake }: ReadableLake & SoughtReview,
): Promise<string> {
  const name = columnNamed(schema, column)
  if (name === undefined) return `joined by a Spark job, whose silver does not show ${column}`
  const gone: string[] = []
  for (const file of silver) {
    const key = `${lake.layout.roots.silver}${location}${file.key}`
    const head = await lake.store.head(key)
    if (!head) gone.push(key)
    else if ((await rowsWith(lake, head, name, id)).length > 0) {
      return `in silver, as far as its id says: ${key}; a Spark job joined its file`
    }
  }
  if (gone.length > 0) return `joined by a Spark job; whether it is in silver can't be told, because ${gone[0]} is gone`
  return 'left out by the Spark job that joined its file: by a condition, or because no customer had its key'
}
