import { type Context, fail } from '../typing/context.ts'
import { NULL } from '../typing/operand.ts'
import type { Environment } from './environment.ts'
import type { Source } from './source.ts'
import { derivedSource, single } from './static/derive.ts'
import { isStaticQuery } from './static/is-static.ts'
import { resolveStatic } from './static/query.ts'

/** The scalar subqueries of a stream's expressions: each is a dimension of one row, which every review meets. */
export class ScalarJoins {
  readonly #sources: Source[] = []
  readonly #environment: Environment

  constructor(environment: Environment) {
    this.#environment = environment
  }

  /** The context in which scalar subqueries are taken out. */
  within(context: Context): Context {
    const environment = this.#environment
    return {
      ...context,
      subquery: query => {
        if (!isStaticQuery(query, environment))
          fail(environment, 'a subquery that stands for one value must read static tables alone', query.at)
        const source = derivedSource(single(resolveStatic(query, environment)), `scalar_${environment.newId()}`)
        const [column] = source.columns
        if (!column || source.columns.length > 1)
          fail(
            environment,
            `a subquery that stands for one value selects one column, not ${source.columns.length}`,
            query.at,
          )
        this.#sources.push(source)
        return column?.operand ?? NULL
      },
    }
  }

  /** A stream with the rows of the subqueries beside it. */
  joinedTo(stream: Source): Source {
    const dimensions = this.#sources.splice(0).flatMap(source => source.dimensions)
    const joins = dimensions.map(({ name }) => ({ dimension: name, kind: 'left' as const, keys: [], on: null }))
    return { ...stream, joins: [...stream.joins, ...joins], dimensions: [...stream.dimensions, ...dimensions] }
  }
}
