import { type Context, fail } from '../../typing/context.ts'
import { isGathering } from '../../typing/gathering.ts'

/** The context of a clause that is tested before rows are gathered. */
export function ungathered(context: Context, clause: string): Context {
  const refuse = (at: number) =>
    fail(
      context,
      `${clause} is tested before aggregates and windows are computed; use HAVING, QUALIFY or a subquery`,
      at,
    )
  return { ...context, gather: call => (isGathering(call) ? refuse(call.at) : null) }
}
