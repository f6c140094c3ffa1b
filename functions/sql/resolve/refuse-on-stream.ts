import type { Query, SetOperation, Span } from '../parse/syntax.ts'
import { fail } from '../typing/context.ts'
import { APPENDED, GOLD } from '../typing/gathering.ts'

/** Refuses the clauses that would need rows of other batches, the first of the text, with the reason and the way out. */
export function refuseOnStream(query: Query, sql: string): void {
  const [first] = refusals(query).sort((a, b) => a.at - b.at)
  if (first) fail({ sql }, first.reason, first.at)
}

function refusals(query: Query) {
  const refuse = (span: Span | null | undefined, reason: string) => (span ? [{ at: span.at, reason }] : [])
  const [order] = query.order
  const [window] = query.windows
  return [
    ...refuse(
      query.distinct,
      `DISTINCT is not possible: ${APPENDED}, and an equal row could come with a later one; use it ${GOLD}`,
    ),
    ...refuse(
      query.group,
      `GROUP BY is not possible: ${APPENDED}, and a group could still grow with the next; group silver.reviews in Athena`,
    ),
    ...refuse(
      query.having,
      `HAVING is not possible: it filters groups, and ${APPENDED}; use WHERE, or group silver.reviews in Athena`,
    ),
    ...refuse(query.qualify, `QUALIFY is not possible: it filters windows, and ${APPENDED}; use it ${GOLD}`),
    ...refuse(window, `WINDOW is not possible: ${APPENDED}, and later rows could change a window; use one ${GOLD}`),
    ...refuse(
      order,
      `ORDER BY is not possible: ${APPENDED}, and a table has no order; sort when you read silver.reviews`,
    ),
    ...refuse(
      query.limit,
      `LIMIT is not possible: ${APPENDED}, and every review must be accounted for; limit when you read silver.reviews`,
    ),
    ...refuse(query.offset, `OFFSET is not possible: ${APPENDED}; use it when you read silver.reviews`),
    ...query.sets.flatMap(set => refuse(set, SETS[set.kind])),
  ]
}

const SETS: Readonly<Record<SetOperation['kind'], string>> = {
  union: `UNION is not possible: it leaves equal rows out, and ${APPENDED}: an equal row could come with a later one; write UNION ALL`,
  intersect: `INTERSECT is not possible: ${APPENDED}, and it compares with all rows`,
  except: `EXCEPT is not possible: ${APPENDED}, and it compares with all rows; use LEFT ANTI JOIN or NOT EXISTS`,
}
