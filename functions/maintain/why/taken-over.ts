import type { Layout } from '../../lake/layout.ts'
import type { BatchCommit } from '../../protocol/commit.ts'
import { type Files, rowsWith } from './find-rows.ts'

/** Whether a Spark job has joined the batch: then it is not known which of its rows came from which bronze file. */
export function isTakenOver({ bronze, unparked, rows }: BatchCommit): boolean {
  return rows.read > 0 && unparked.length === 0 && bronze.every(file => file.rows.read === 0)
}

/** What the silver files of a Spark job say of a review: whether one has a row of its id. */
export async function tellTakenOver(
  { location, schema, silver }: BatchCommit,
  { layout, column, id, ...files }: Files & { readonly layout: Layout; readonly column: string; readonly id: string },
): Promise<string> {
  const name = schema.find(each => each.name.toLowerCase() === column.toLowerCase())?.name
  if (name === undefined) return `joined by a Spark job, whose silver does not show ${column}`
  const gone: string[] = []
  for (const file of silver) {
    const key = `${layout.roots.silver}${location}${file.key}`
    const head = await files.store.head(key)
    if (!head) gone.push(key)
    else if ((await rowsWith(files, head, name, id)).length > 0) {
      return `in silver, as far as its id says: ${key}; a Spark job joined its file`
    }
  }
  if (gone.length > 0) return `joined by a Spark job; whether it is in silver can't be told, ${gone[0]} is gone`
  return 'left out by the Spark job that joined its file: by a condition, or because no customer had its key'
}
