import fc from 'fast-check'
import { Expressions, type Text } from './expression-grammar.ts'
import { OF_CUSTOMERS, OF_REVIEWS } from './grammar-words.ts'

const ofReview = new Expressions(OF_REVIEWS)
const ofRow = new Expressions(OF_REVIEWS, OF_CUSTOMERS)
const ofCustomer = new Expressions(OF_CUSTOMERS)

const DEPTH = 2
const maybe = (text: Text): Text => fc.oneof(text, fc.constant(''))

/** Which static rows a query joins as `c`: customers, or what is computed of them. */
const groups = fc
  .tuple(
    fc.constantFrom('count', 'min', 'max', 'first', 'collect_list', 'collect_set', 'avg', 'sum', 'bool_or', 'stddev'),
    ofCustomer.any(1),
    maybe(ofCustomer.of('boolean', 1).map(condition => ` FILTER (WHERE ${condition})`)),
  )
  .map(([name, value, filter]) => `c.customer_id, ${name}(${value})${filter} AS made, max(c.balance) AS balance`)
  .map(list => `(SELECT ${list} FROM bronze_customers c GROUP BY c.customer_id)`)
const statistics = fc
  .tuple(
    fc.constantFrom('median', 'mode', 'skewness', 'bit_xor', 'try_sum', 'percentile_cont', 'regr_slope', 'percentile'),
    ofCustomer.of('number', 1),
    ofCustomer.any(1),
  )
  .map(([name, value, key]) => {
    const calls: Readonly<Record<string, string>> = {
      percentile_cont: `percentile_cont(0.3) WITHIN GROUP (ORDER BY ${value} DESC)`,
      regr_slope: `regr_slope(${value}, c.cust_num)`,
      percentile: `percentile(${value}, array(0, 0.3, 1))`,
    }
    return `(SELECT c.customer_id, max(c.balance) AS balance, ${calls[name] ?? `${name}(${value})`} AS made FROM bronze_customers c GROUP BY c.customer_id, ${key})`
  })
const pivots = fc
  .tuple(fc.constantFrom('first', 'count', 'collect_list', 'min'), ofCustomer.any(1))
  .map(
    ([name, value]) =>
      `(SELECT * FROM (SELECT customer_id, gender, ${value} AS v FROM bronze_customers c) PIVOT (${name}(v) FOR gender IN ('F' AS made, 'M' AS balance)))`,
  )
const exploded = fc
  .tuple(fc.constantFrom('', 'OUTER '), fc.constantFrom('explode', 'explode_outer'), ofCustomer.of('array', 1))
  .map(
    ([outer, call, list]) =>
      `(SELECT c.customer_id, c.balance, v.made FROM bronze_customers c LATERAL VIEW ${outer}${call}(${list}) v AS made)`,
  )
const windows = fc
  .tuple(
    fc.constantFrom('row_number()', 'rank()', 'lag(c.city)', 'lead(c.prefs)', 'sum(c.cust_num)', 'ntile(2)'),
    ofCustomer.any(1),
    ofCustomer.of('whole', 1),
  )
  .map(([call, partition, order]) => `${call} OVER (PARTITION BY ${partition} ORDER BY ${order}, c.customer_id)`)
  .map(window => `(SELECT c.customer_id, c.balance, ${window} AS made FROM bronze_customers c)`)
const ranges = fc
  .tuple(
    fc.constantFrom('count(*)', 'max(c.city)', 'first(c.prefs)'),
    ofCustomer.of('number', 1),
    fc.constantFrom(
      '1 PRECEDING AND 2 FOLLOWING',
      '1.5 PRECEDING AND CURRENT ROW',
      'UNBOUNDED PRECEDING AND 3 PRECEDING',
    ),
  )
  .map(([call, order, frame]) => `${call} OVER (ORDER BY ${order} RANGE BETWEEN ${frame})`)
  .map(window => `(SELECT c.customer_id, c.balance, ${window} AS made FROM bronze_customers c)`)
const distinct = fc
  .tuple(ofCustomer.any(1), ofCustomer.of('boolean', 1))
  .map(
    ([made, where]) => `(SELECT DISTINCT customer_id, balance, ${made} AS made FROM bronze_customers c WHERE ${where})`,
  )
const subtotals = fc
  .tuple(
    fc.constantFrom('ROLLUP', 'CUBE'),
    ofCustomer.any(1),
    fc.constantFrom('count(*)', 'grouping(c.customer_id)', 'grouping_id()', 'max(c.city)'),
  )
  .map(([word, made, value]) => [
    `c.customer_id, ${value} AS made, max(c.balance) AS balance`,
    `${word}(c.customer_id, ${made})`,
  ])
  .map(([list, keys]) => `(SELECT ${list} FROM bronze_customers c GROUP BY ${keys})`)
const sets = fc
  .tuple(fc.constantFrom('INTERSECT ALL', 'EXCEPT ALL', 'EXCEPT', 'UNION'), ofCustomer.any(1), ofCustomer.any(1))
  .map(([word, a, b]) =>
    [a, b].map(made => `SELECT customer_id, balance, ${made} AS made FROM bronze_customers c`).join(` ${word} `),
  )
  .map(query => `(${query})`)
const computed = fc.oneof(groups, statistics, exploded, pivots, windows, ranges, distinct, subtotals, sets)

interface Joined {
  readonly text: string
  /** What may be asked of its rows. */
  readonly columns: readonly string[]
}

const kind = fc.constantFrom('JOIN', 'LEFT JOIN')
/** One file of the lake lacks these columns, and a file without a column of the key is quarantined. */
const isInAllFiles = (text: string): boolean => !/r\.(ratio|geo|`odd name`)/.test(text)
const key = ofReview.any(1).filter(isInAllFiles)
const joins: fc.Arbitrary<Joined> = fc.oneof(
  fc.constant({ text: '', columns: [] }),
  fc.tuple(kind, maybe(ofRow.of('boolean', 1).map(on => ` AND ${on}`))).map(([join, on]) => ({
    text: ` ${join} bronze_customers c ON r.customer_id = c.customer_id${on}`,
    columns: ['c.prefs', 'c.labels', 'c.balance', 'c.customer_name'],
  })),
  fc.tuple(kind, key).map(([join, key]) => ({
    text: ` ${join} bronze_customers c ON ${key} = c.cust_num`,
    columns: ['c.prefs.topics', 'c.city'],
  })),
  fc.tuple(fc.constantFrom('LEFT SEMI JOIN', 'LEFT ANTI JOIN'), ofRow.of('boolean', 1)).map(([join, on]) => ({
    text: ` ${join} bronze_customers c ON r.customer_id <=> c.customer_id AND ${on}`,
    columns: [],
  })),
  fc.tuple(kind, computed).map(([join, table]) => ({
    text: ` ${join} ${table} d ON r.customer_id = d.customer_id`,
    columns: ['d.made', 'd.balance'],
  })),
  fc.tuple(kind, kind).map(([first, second]) => ({
    text: ` ${first} bronze_products p ON r.product_title = p.product_title ${second} bronze_makers m ON p.maker_id = m.maker_id`,
    columns: ['p.listed', 'p.price', 'm.maker'],
  })),
  fc.constant({ text: ' LEFT JOIN bronze_bands b ON r.star_rating BETWEEN b.low AND b.high', columns: ['b.label'] }),
)

const views: fc.Arbitrary<Joined> = fc.oneof(
  { weight: 3, arbitrary: fc.constant({ text: '', columns: [] }) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom('', 'OUTER '), fc.constantFrom('explode', 'explode_outer'), ofReview.of('array', DEPTH))
      .map(([outer, call, of]) => ({ text: ` LATERAL VIEW ${outer}${call}(${of}) v AS item`, columns: ['v.item'] })),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(ofReview.of('text', DEPTH), ofReview.of('text', 1)).map(([json, name]) => ({
      text: ` LATERAL VIEW json_tuple(${json}, ${name}, 'a') v AS k, item`,
      columns: ['v.k'],
    })),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom('posexplode', 'posexplode_outer'), ofReview.of('map', DEPTH))
      .map(([call, of]) => ({
        text: ` LATERAL VIEW ${call}(${of}) v AS n, k, item`,
        columns: ['v.n', 'v.k', 'v.item'],
      })),
  },
)

/** A text of the review that no file lacks the columns of. */
const textKey = ofReview.of('text', 1).filter(isInAllFiles)

/** A value of the customers that have a text of the review. */
const gathered = fc
  .tuple(fc.constantFrom('count', 'max', 'collect_list', 'first', 'min'), ofCustomer.any(1), textKey)
  .map(([name, value, of]) => `(SELECT ${name}(${value}) FROM bronze_customers c WHERE c.customer_id <=> ${of})`)

/** EXISTS, IN and NOT IN over the customers. */
const subquery = fc.oneof(
  fc
    .tuple(fc.constantFrom('IN', 'NOT IN'), textKey, ofCustomer.of('text', 1), maybe(ofCustomer.of('boolean', 1)))
    .map(
      ([word, of, value, where]) =>
        `${of} ${word} (SELECT ${value} FROM bronze_customers c${where && ` WHERE ${where}`})`,
    ),
  fc
    .tuple(fc.constantFrom('EXISTS', 'NOT EXISTS'), textKey, ofCustomer.of('boolean', 1))
    .map(([word, of, where]) => `${word} (SELECT 1 FROM bronze_customers c WHERE c.customer_id = ${of} AND ${where})`),
)

/** A condition of WHERE, maybe with a subquery beside it. */
const condition = (expressions: Expressions): Text =>
  fc.oneof(
    { weight: 3, arbitrary: expressions.of('boolean', DEPTH) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(expressions.of('boolean', 1), fc.constantFrom('AND', 'OR', 'OR NOT'), subquery)
        .map(([first, word, test]) => `${first} ${word} ${test}`),
    },
  )

const rules = fc
  .tuple(fc.constantFrom('x0 IS NULL', "CAST(x0 AS string) <> ''", 'x0 <=> x0'), fc.constantFrom('', 'DROP ROW'))
  .map(([condition, action]) => `CONSTRAINT held EXPECT (${condition})${action && ` ON VIOLATION ${action}`}\n`)

const one = fc
  .tuple(joins, views)
  .chain(([join, view]) => {
    const isOfRow = join.text.includes(' c ON') && !/SEMI|ANTI/.test(join.text)
    const expressions = isOfRow ? ofRow : ofReview
    const columns = [...join.columns, ...view.columns]
    return fc.tuple(
      fc.array(fc.oneof({ weight: 5, arbitrary: expressions.any(DEPTH) }, { weight: 1, arbitrary: gathered }), {
        minLength: 1,
        maxLength: 3,
      }),
      fc.subarray(columns),
      maybe(condition(expressions).map(where => ` WHERE ${where}`)),
      fc.constant(`FROM bronze_reviews r${join.text}${view.text}`),
    )
  })
  .map(([made, columns, where, from]) => {
    const items = [...made, ...columns].map((item, i) => `${item} AS x${i}`)
    return `SELECT ${items.join(', ')} ${from}${where}`
  })

const union = fc
  .array(fc.tuple(ofReview.of('text', DEPTH), ofReview.of('number', 1), ofReview.of('boolean', 1)), {
    minLength: 2,
    maxLength: 3,
  })
  .map(branches =>
    branches
      .map(([a, b, where]) => `SELECT ${a} AS a, ${b} AS b FROM bronze_reviews r WHERE ${where}`)
      .join(' UNION ALL '),
  )

/**
 * Silver queries over the parity lake: every function and operator of the table with arguments of about the kinds it takes,
 * over columns of all types; casts, lambdas, dimensions, queries over them, generators, UNION ALL and rules. Some are refused.
 */
export const queries: Text = fc.oneof(
  { weight: 6, arbitrary: one },
  { weight: 1, arbitrary: union },
  { weight: 1, arbitrary: fc.tuple(rules, one).map(texts => texts.join('')) },
)
