import { describeRefusals, type Refusals } from '../support/describe-refusals.ts'

const joined = (query: string) =>
  `SELECT r.review_id FROM bronze_reviews r JOIN (${query}) c ON r.customer_id = c.customer_id`

/** Queries over static tables with the place and the message that refuse them. */
const REFUSALS: Refusals = {
  grouping: [
    [
      joined('SELECT customer_id, grouping(customer_id) AS g FROM bronze_customers GROUP BY customer_id'),
      'silver.sql line 1, column 68: GROUPING needs ROLLUP, CUBE or GROUPING SETS in GROUP BY',
    ],
    [
      joined('SELECT customer_id, grouping(city) AS g FROM bronze_customers GROUP BY ROLLUP(customer_id)'),
      'silver.sql line 1, column 68: GROUPING takes a key of GROUP BY',
    ],
    [
      joined(
        'SELECT customer_id, grouping_id(city, customer_id) AS g FROM bronze_customers GROUP BY CUBE(customer_id, city)',
      ),
      'silver.sql line 1, column 68: GROUPING_ID takes nothing, or all keys of GROUP BY in their order',
    ],
    [
      joined('SELECT customer_id FROM bronze_customers GROUP BY customer_id GROUPING SETS ((customer_id, city))'),
      'silver.sql line 1, column 139: GROUPING SETS takes keys of the GROUP BY before it',
    ],
    [
      joined('SELECT customer_id, city FROM bronze_customers GROUP BY ROLLUP(customer_id)'),
      'silver.sql line 1, column 68: this reads a column that is neither in GROUP BY nor within an aggregate; add it there, or take first(…) of it',
    ],
    [
      joined('SELECT customer_id FROM bronze_customers GROUP BY CUBE(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1)'),
      'silver.sql line 1, column 98: GROUP BY makes more than 4096 groupings',
    ],
    [
      joined('SELECT customer_id, count(*) AS n FROM bronze_customers GROUP BY ROLLUP(count(*))'),
      'silver.sql line 1, column 120: a key of GROUP BY can hold no aggregate and no window function',
    ],
  ],
  frames: [
    [
      joined(
        'SELECT customer_id, count(*) OVER (RANGE BETWEEN 1 PRECEDING AND CURRENT ROW) AS n FROM bronze_customers',
      ),
      'silver.sql line 1, column 82: RANGE needs an ORDER BY in its window',
    ],
    [
      joined(
        'SELECT customer_id, count(*) OVER (ORDER BY 1 + 1, 2 + 2 RANGE BETWEEN 1 PRECEDING AND CURRENT ROW) AS n FROM bronze_customers',
      ),
      'silver.sql line 1, column 82: RANGE with a distance needs an ORDER BY of one expression',
    ],
    [
      joined(
        'SELECT customer_id, count(*) OVER (ORDER BY customer_id RANGE BETWEEN 1 PRECEDING AND CURRENT ROW) AS n FROM bronze_customers',
      ),
      'silver.sql line 1, column 118: the distance of a frame by string is not possible; order by a number, date or timestamp',
    ],
    [
      joined(
        'SELECT customer_id, count(*) OVER (ORDER BY length(city) RANGE BETWEEN INTERVAL 1 DAY PRECEDING AND CURRENT ROW) AS n FROM bronze_customers',
      ),
      'silver.sql line 1, column 119: the distance of a frame by int must be a number',
    ],
    [
      joined(
        'SELECT customer_id, count(*) OVER (ORDER BY length(city) RANGE BETWEEN length(city) PRECEDING AND CURRENT ROW) AS n FROM bronze_customers',
      ),
      'silver.sql line 1, column 119: the distance of a frame by int must be constant',
    ],
    [
      joined(
        'SELECT customer_id, count(*) OVER (ORDER BY length(city) RANGE BETWEEN 2 FOLLOWING AND 1 FOLLOWING) AS n FROM bronze_customers',
      ),
      'silver.sql line 1, column 82: the frame ends before it begins',
    ],
    [
      joined(
        'SELECT customer_id, count(*) OVER (ORDER BY date(city) RANGE BETWEEN INTERVAL 1 DAY PRECEDING AND CURRENT ROW) AS n FROM bronze_customers',
      ),
      'silver.sql line 1, column 117: the distance of a frame by date must be a whole number of days, or an INTERVAL of months',
    ],
    [
      joined(
        'SELECT customer_id, count(*) OVER (ORDER BY timestamp(city) RANGE BETWEEN 1 PRECEDING AND CURRENT ROW) AS n FROM bronze_customers',
      ),
      'silver.sql line 1, column 122: the distance of a frame by timestamp must be an INTERVAL',
    ],
  ],
  aggregates: [
    [
      joined('SELECT customer_id, approx_percentile(1, 0.5) AS p FROM bronze_customers GROUP BY customer_id'),
      'silver.sql line 1, column 68: APPROX_PERCENTILE is an estimate that depends on how Spark splits the rows; use PERCENTILE, or PERCENTILE_DISC for a value that is there',
    ],
    [
      joined('SELECT customer_id, approx_count_distinct(city) AS p FROM bronze_customers GROUP BY customer_id'),
      'silver.sql line 1, column 68: APPROX_COUNT_DISTINCT is an estimate; use count(DISTINCT …)',
    ],
    [
      joined('SELECT customer_id, hll_sketch_agg(city) AS p FROM bronze_customers GROUP BY customer_id'),
      'silver.sql line 1, column 68: HLL_SKETCH_AGG makes a sketch, which only Spark can read or which depends on how it splits the rows',
    ],
    [
      joined('SELECT customer_id, percentile(length(city), 1.5) AS p FROM bronze_customers GROUP BY customer_id'),
      'silver.sql line 1, column 68: PERCENTILE takes a constant from 0 to 1, or an array of them, after the value',
    ],
    [
      joined('SELECT customer_id, percentile_cont(0.5) AS p FROM bronze_customers GROUP BY customer_id'),
      'silver.sql line 1, column 68: PERCENTILE_CONT needs WITHIN GROUP (ORDER BY …) after it',
    ],
    [
      joined(
        'SELECT customer_id, max(city) WITHIN GROUP (ORDER BY city) AS p FROM bronze_customers GROUP BY customer_id',
      ),
      'silver.sql line 1, column 68: MAX takes no WITHIN GROUP',
    ],
    [
      joined(
        'SELECT customer_id, percentile_cont(array(0.1)) WITHIN GROUP (ORDER BY length(city) DESC) AS p FROM bronze_customers GROUP BY customer_id',
      ),
      'silver.sql line 1, column 119: several percentages need ascending order; write ORDER BY without DESC',
    ],
    [
      joined('SELECT customer_id, median(city, 1) AS p FROM bronze_customers GROUP BY customer_id'),
      'silver.sql line 1, column 68: MEDIAN takes one argument',
    ],
    [
      joined('SELECT customer_id, bit_and(city) AS p FROM bronze_customers GROUP BY customer_id'),
      'silver.sql line 1, column 68: BIT_AND needs a whole number, not string',
    ],
    [
      joined('SELECT customer_id, regr_count(1) AS p FROM bronze_customers GROUP BY customer_id'),
      'silver.sql line 1, column 68: REGR_COUNT takes two numbers',
    ],
  ],
  'pivots and rows': [
    [
      joined("SELECT * FROM bronze_customers PIVOT (city FOR customer_id IN ('x'))"),
      'silver.sql line 1, column 86: PIVOT takes aggregates of its columns',
    ],
    [
      joined("SELECT * FROM bronze_customers PIVOT (count(*) FOR (customer_id, city) IN ('x'))"),
      'silver.sql line 1, column 123: a value of PIVOT has 2 parts here, not 1',
    ],
    [
      joined('SELECT * FROM bronze_customers PIVOT (count(*) FOR customer_id IN (city))'),
      'silver.sql line 1, column 115: the values of PIVOT are constant',
    ],
    [
      joined("SELECT customer_id FROM bronze_customers WHERE true PIVOT (count(*) FOR city IN ('x'))"),
      'silver.sql line 1, column 100: PIVOT (…) comes right after the relations of FROM',
    ],
    [
      joined('SELECT explode(array(1)) AS customer_id, count(*) AS n FROM bronze_customers'),
      "silver.sql line 1, column 55: a function that makes rows can't stand beside aggregates and window functions; make the rows, or aggregate them, in a subquery",
    ],
    [
      joined('SELECT customer_id, x FROM bronze_customers LATERAL VIEW upper(city) t AS x'),
      'silver.sql line 1, column 105: UPPER makes no rows; LATERAL VIEW takes EXPLODE or a function like it',
    ],
    [
      joined('SELECT customer_id, x FROM bronze_customers LATERAL VIEW explode(array(1)) t AS x, y'),
      'silver.sql line 1, column 128: EXPLODE gives 1 column, not 2',
    ],
  ],
  subqueries: [
    [
      joined(
        'SELECT customer_id FROM bronze_customers c WHERE city > (SELECT max(city) FROM bronze_customers d WHERE d.city < c.city)',
      ),
      'silver.sql line 1, column 105: this subquery is looked up, so it must be compared with the rows around it by equalities, not by d.city < c.city',
    ],
    [
      joined(
        'SELECT customer_id FROM bronze_customers c WHERE city NOT IN (SELECT city FROM bronze_customers d WHERE d.city < c.city)',
      ),
      'silver.sql line 1, column 110: this subquery is looked up, so it must be compared with the rows around it by equalities, not by d.city < c.city',
    ],
    [
      joined('SELECT customer_id FROM bronze_customers c WHERE city IN (SELECT city, state FROM bronze_customers d)'),
      'silver.sql line 1, column 106: the subquery of IN must select one column',
    ],
    [
      joined(
        'SELECT customer_id, (SELECT city FROM bronze_customers d WHERE d.city = c.city) AS x FROM bronze_customers c',
      ),
      'silver.sql line 1, column 69: a subquery that compares its rows with those around it stands for one value where it is an aggregate',
    ],
    [
      joined(
        'SELECT c.customer_id FROM bronze_customers c JOIN bronze_customers d ON c.city = d.city AND c.city IN (SELECT city FROM bronze_customers)',
      ),
      'silver.sql line 1, column 140: EXISTS and IN with a subquery can stand in WHERE and in the select list only',
    ],
  ],
}

describeRefusals('refusals on the static side', REFUSALS)
