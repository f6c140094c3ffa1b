import type { CompiledQuery, Join, OutputColumn } from '../../functions/sql/compiled.ts'
import type { Expr, View } from '../../functions/sql/expr.ts'
import { typedColumns } from '../../functions/sql/schema/bind.ts'
import type { FileColumn, SqlType } from '../../functions/sql/types.ts'

export function column(view: View, name: string, type: SqlType = 'string'): Expr {
  return { op: 'column', view, name, type }
}

export function literal(value: string | number | boolean | null, type: SqlType = 'string'): Expr {
  return { op: 'literal', value, type }
}

export function equal(a: Expr, b: Expr): Expr {
  return { op: 'call', name: '=', args: [a, b], type: 'boolean' }
}

export function output(name: string, expr: Expr): OutputColumn {
  return { name, type: expr.type, nullable: true, expr }
}

/** `SELECT r.*, c.… FROM reviews r <kind> JOIN customers c ON r.<key> = c.<key>`, all customers' columns but the key. */
export function joinQuery(
  reviewsColumns: readonly FileColumn[],
  customersColumns: readonly FileColumn[],
  key = 'customer_id',
  kind: Join['kind'] = 'inner',
): CompiledQuery {
  const reviews = typedColumns(reviewsColumns)
  const customers = typedColumns(customersColumns)
  const type = reviews.find(({ name }) => name === key)?.type ?? 'string'
  const added = kind === 'semi' || kind === 'anti' ? [] : customers.filter(({ name }) => name !== key)
  return {
    sql: '',
    sha256: '',
    comment: '',
    reviews,
    dimensions: [{ name: 'customers', columns: customers }],
    filters: [],
    where: null,
    joins: [
      {
        dimension: 'customers',
        kind,
        keys: [{ left: column('reviews', key, type), right: column('customers', key, type), type, nullSafe: false }],
        on: null,
      },
    ],
    output: [
      ...reviews.map(({ name, type }) => output(name, column('reviews', name, type))),
      ...added.map(({ name, type }) => output(name, column('customers', name, type))),
    ],
  }
}

/** The query with one more predicate over reviews. */
export function withFilter(query: CompiledQuery, expr: Expr): CompiledQuery {
  return { ...query, filters: [...query.filters, { expr, text: '' }] }
}
