import type { CompiledQuery, Join } from '../compiled.ts'
import { columnsUsed } from '../evaluate.ts'
import { type Condition, conjunction } from './conditions.ts'
import type { Source } from './source.ts'

/**
 * Puts each condition of WHERE after the join that has joined the last of what it reads, where an inner join comes later:
 * what is filtered must not wait for that.
 */
export function placeWhere({ joins, where }: Pick<Source, 'joins' | 'where'>): Pick<CompiledQuery, 'joins' | 'where'> {
  const names = joins.map(({ dimension }) => dimension)
  const lastInner = joins.findLastIndex(({ kind }) => kind === 'inner')
  const placeOf = ({ expr }: Condition) => Math.max(0, ...columnsUsed(expr).map(({ view }) => names.indexOf(view)))
  return {
    joins: joins.map((join, at): Join => {
      const here = at < lastInner ? conjunction(where.filter(condition => placeOf(condition) === at)) : null
      return here ? { ...join, where: here } : join
    }),
    where: conjunction(where.filter(condition => placeOf(condition) >= lastInner)),
  }
}
