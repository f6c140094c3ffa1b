import type { Join, JoinKey } from '../compiled.ts'
import type { Query } from '../parse/syntax.ts'
import { type Context, fail } from '../typing/context.ts'
import type { Operand } from '../typing/operand.ts'
import type { Environment } from './environment.ts'
import type { Scope } from './scope.ts'
import type { SourceDimension } from './source.ts'
import { derivedSource } from './static/derive.ts'
import { isStaticQuery } from './static/is-static.ts'
import type { Lookup } from './static/lookup.ts'
import { predicateValue, scalarValue } from './static/subquery-values.ts'

/**
 * The subqueries within a stream's expressions: each is a dimension, of one row that every review meets, or of one for
 * each key.
 */
export class ScalarJoins {
  readonly #made: { readonly dimension: SourceDimension; readonly join: Join }[] = []
  readonly #environment: Environment
  /** What the subqueries can name. */
  readonly #around: Scope

  constructor(environment: Environment, around: Scope) {
    this.#environment = environment
    this.#around = around
  }

  /** The context in which subqueries are taken out. */
  within(context: Context): Context {
    const attach = (lookup: Lookup) => this.#attach(lookup)
    return {
      ...context,
      subquery: query => {
        this.#refuseStream(query, 'a subquery that stands for one value must read static tables alone')
        return scalarValue(query, this.#around, this.#environment, attach)
      },
      predicate: asked => {
        this.#refuseStream(asked.syntax.query, 'the subquery must read a dimension, such as the customers')
        return predicateValue(asked, this.#around, this.#environment, attach)
      },
    }
  }

  #refuseStream(query: Query, reason: string): void {
    if (!isStaticQuery(query, this.#environment)) fail(this.#environment, reason, query.at)
  }

  #attach({ relation, keys }: Lookup): Operand[] {
    const name = `${keys.length > 0 ? 'lookup' : 'scalar'}_${this.#environment.newId()}`
    const source = derivedSource(relation, name)
    const operands = source.columns.map(({ operand }) => operand)
    const meets = keys.flatMap(({ outer, nullSafe }, i): JoinKey[] => {
      const right = operands[i]
      return right && right.op !== 'null' ? [{ left: outer, right, type: outer.type, nullSafe }] : []
    })
    const join = { dimension: name, kind: 'left', keys: meets, on: null } as const
    this.#made.push(...source.dimensions.map(dimension => ({ dimension, join })))
    return operands
  }

  /** A stream with the rows of the subqueries beside it. */
  joinedTo<T extends { readonly joins: readonly Join[]; readonly dimensions: readonly SourceDimension[] }>(
    stream: T,
  ): T {
    const made = this.#made.splice(0)
    return {
      ...stream,
      joins: [...stream.joins, ...made.map(({ join }) => join)],
      dimensions: [...stream.dimensions, ...made.map(({ dimension }) => dimension)],
    }
  }
}
