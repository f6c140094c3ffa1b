import assert from 'node:assert/strict'
import { parse } from '../../functions/sql/parse/statement.ts'
import type { FromItem, Query } from '../../functions/sql/parse/syntax.ts'

/** The operators between the operands, with INTERSECT, which is in a subquery, in parentheses. */
function shape(query: Query): string {
  const inner = query.from?.kind === 'query' && query.from.alias === null ? `(${shape(query.from.query)})` : 'q'
  const tail = `${query.order.length > 0 ? ' order' : ''}${query.limit ? ' limit' : ''}`
  return (
    [inner, ...query.sets.map(({ kind, all, query }) => `${kind}${all ? ' all' : ''} ${shape(query)}`)].join(' ') + tail
  )
}

const S = 'SELECT a FROM t'

describe('clauses of a query', () => {
  const shapes: readonly (readonly [string, string])[] = [
    [`${S} UNION ALL ${S} UNION ${S} ORDER BY a LIMIT 1`, 'q union all q union q order limit'],
    [`(${S} LIMIT 1) UNION ALL (${S} ORDER BY a)`, '(q limit) union all q order'],
    [`(${S} UNION ALL ${S}) ORDER BY a`, 'q union all q order'],
    [`(${S} ORDER BY a) LIMIT 1`, '(q order) limit'],
    [`${S} UNION ${S} INTERSECT ${S}`, 'q union q intersect q'],
    [`${S} INTERSECT ${S} EXCEPT DISTINCT ${S}`, 'q intersect q except q'],
  ]
  for (const [sql, expected] of shapes) it(sql, () => assert.equal(shape(parse(sql)), expected))

  it('binds INTERSECT stronger than UNION', () => {
    const [union] = parse(`${S} UNION ${S} INTERSECT ALL ${S}`).sets
    assert.deepEqual([union?.query.sets[0]?.kind, union?.query.sets[0]?.all], ['intersect', true])
  })

  it('reads what follows an aggregate', () => {
    const [item] = parse(
      'SELECT sum(DISTINCT a) FILTER (WHERE b > 1) OVER (PARTITION BY c ORDER BY d DESC, e NULLS LAST ROWS BETWEEN 2 PRECEDING AND UNBOUNDED FOLLOWING) FROM t WINDOW w AS (ORDER BY a)',
    ).select
    assert.ok(item?.kind === 'expression' && item.value.kind === 'call')
    const { form } = item.value
    assert.equal(form?.distinct, true)
    assert.equal(form?.filter?.kind, 'call')
    assert.deepEqual(form?.over?.frame, { unit: 'rows', from: -2, to: null })
    assert.deepEqual(
      form?.over?.order.map(({ descending, nullsFirst }) => [descending, nullsFirst]),
      [
        [true, false],
        [false, false],
      ],
    )
    const [named] = parse('SELECT sum(a) OVER w, sum(a) OVER (w) FROM t WINDOW w AS (ORDER BY a)').select
    assert.ok(named?.kind === 'expression' && named.value.kind === 'call')
    assert.equal(named.value.form?.over?.base?.text, 'w')
  })

  it('reads ROWS n PRECEDING as ending at the current row', () => {
    const [item] = parse('SELECT count(*) OVER (ORDER BY a ROWS 3 PRECEDING) FROM t').select
    assert.ok(item?.kind === 'expression' && item.value.kind === 'call')
    assert.deepEqual(item.value.form?.over?.frame, { unit: 'rows', from: -3, to: 0 })
    assert.equal(parse('SELECT count(*) FROM t').select.length, 1)
  })

  it('distinguishes a join in parentheses from a query in parentheses', () => {
    const kind = (from: FromItem | null) => from?.kind
    assert.equal(kind(parse(`SELECT * FROM ((${S}) a JOIN t b USING (a))`).from), 'join')
    assert.equal(kind(parse(`SELECT * FROM ((${S}) UNION ALL (${S})) a`).from), 'query')
    assert.equal(kind(parse(`SELECT * FROM ((${S})) a`).from), 'query')
    assert.equal(kind(parse("SELECT * FROM VALUES (1, 'a'), (2, 'b') AS t(n, s)").from), 'values')
    assert.equal(kind(parse('SELECT * FROM (VALUES 1, 2) t').from), 'query')
  })

  it('takes a column called distinct or all as one', () => {
    const [item] = parse('SELECT max(distinct) FROM t').select
    assert.ok(item?.kind === 'expression' && item.value.kind === 'call')
    assert.equal(item.value.form, undefined)
  })
})
