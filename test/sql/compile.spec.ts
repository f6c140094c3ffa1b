import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import type { Expr } from '../../functions/sql/expr.ts'
import { CUSTOMERS, compile, REVIEWS } from '../support/compile-query.ts'

const review = (name: string, type: Expr['type'] = 'string'): Expr => ({ op: 'column', view: 'reviews', name, type })
const customer = (name: string): Expr => ({ op: 'column', view: 'customers', name, type: 'string' })
const names = (columns: readonly { readonly name: string }[]) => columns.map(({ name }) => name)

describe('compileQuery()', () => {
  it('compiles the silver.sql of the project', async () => {
    const query = await compile(await readFile(new URL('../../silver.sql', import.meta.url), 'utf8'))
    assert.deepEqual(names(query.output), [
      ...names(REVIEWS),
      'customer_name',
      'gender',
      'date_of_birth',
      'city',
      'state',
    ])
    assert.deepEqual(query.joins, [
      {
        dimension: 'customers',
        kind: 'inner',
        keys: [{ left: review('customer_id'), right: customer('customer_id'), type: 'string', nullSafe: false }],
        on: null,
      },
    ])
    assert.equal(query.comment, 'Verified or not, every review with the customer who wrote it.')
    assert.match(query.sha256, /^[0-9a-f]{64}$/)
  })

  it('is plain JSON', async () => {
    const query = await compile(
      "SELECT r.*, current_timestamp AS at, X'00ff' AS b, 1.5 AS n, 3000000000 AS big FROM bronze_reviews r",
    )
    assert.deepEqual(JSON.parse(JSON.stringify(query)), query)
  })

  it('takes names in any case and gives columns the name as it is written', async () => {
    const { output } = await compile('select R.REVIEW_ID, r.star_rating AS Stars from BRONZE_REVIEWS r')
    assert.deepEqual(output, [
      { name: 'REVIEW_ID', type: 'string', nullable: true, expr: review('review_id') },
      { name: 'Stars', type: 'int', nullable: true, expr: review('star_rating', 'int') },
    ])
  })

  it('puts * in the order of FROM, the columns of USING first', async () => {
    const { output } = await compile('SELECT * FROM bronze_customers c JOIN bronze_reviews r USING (customer_id)')
    const rest = names([...CUSTOMERS, ...REVIEWS]).filter(name => name !== 'customer_id')
    assert.deepEqual(names(output), ['customer_id', ...rest])
  })

  it('casts keys of different types to the one that Spark compares them as', async () => {
    const { joins } = await compile(
      'SELECT r.review_id FROM bronze_reviews r JOIN bronze_customers c ON c.customer_id = r.star_rating',
    )
    const [key] = joins[0]?.keys ?? []
    assert.equal(key?.type, 'int')
    assert.deepEqual(key?.right, { op: 'call', name: 'cast', args: [customer('customer_id')], type: 'int' })
  })

  describe('where conditions go', () => {
    const filters = async (from: string) => {
      const { filters, joins, where } = await compile(`SELECT r.review_id FROM ${from}`)
      return { filters: filters.map(({ text }) => text), on: joins[0]?.on !== null, where: where?.text ?? null }
    }

    it('tests those on reviews before an inner join, from ON as from WHERE', async () => {
      assert.deepEqual(
        await filters(
          "bronze_reviews r JOIN bronze_customers c ON r.customer_id = c.customer_id AND r.star_rating > 1 WHERE r.verified_purchase = 'Y' AND c.state = 'CA'",
        ),
        { filters: ['r.star_rating > 1', "r.verified_purchase = 'Y'"], on: false, where: "c.state = 'CA'" },
      )
    })

    it('leaves those of ON with the pairs of a left join', async () => {
      assert.deepEqual(
        await filters(
          "bronze_reviews r LEFT JOIN bronze_customers c ON r.customer_id = c.customer_id AND r.star_rating > 1 WHERE r.verified_purchase = 'Y'",
        ),
        { filters: ["r.verified_purchase = 'Y'"], on: true, where: null },
      )
    })

    it('finds the equality of a comma join in WHERE', async () => {
      assert.deepEqual(
        await filters('bronze_reviews r, bronze_customers c WHERE r.star_rating > 1 AND r.customer_id = c.customer_id'),
        { filters: ['r.star_rating > 1'], on: false, where: null },
      )
    })

    it('tests conditions of subqueries with their own side', async () => {
      assert.deepEqual(
        await filters(
          "(SELECT * FROM bronze_reviews WHERE star_rating > 1) r LEFT JOIN (SELECT * FROM bronze_customers WHERE state = 'CA') c ON r.customer_id = c.customer_id",
        ),
        { filters: ['star_rating > 1'], on: true, where: null },
      )
    })

    it('drops a condition that is always true and keeps one that never is', async () => {
      assert.deepEqual(await filters('bronze_reviews r WHERE 1 = 1 AND 1 = 2'), {
        filters: ['1 = 2'],
        on: true,
        where: null,
      })
    })
  })

  describe('joins', () => {
    const kind = async (from: string) => (await compile(`SELECT r.review_id FROM ${from}`)).joins[0]?.kind

    it('keeps the reviews of an outer join, whichever way it is written', async () => {
      assert.equal(
        await kind('bronze_reviews r LEFT OUTER JOIN bronze_customers c ON r.customer_id = c.customer_id'),
        'left',
      )
      assert.equal(
        await kind('bronze_customers c RIGHT JOIN bronze_reviews r ON r.customer_id = c.customer_id'),
        'left',
      )
    })

    it('takes EXISTS and IN as a semi join and NOT EXISTS as an anti join', async () => {
      assert.equal(
        await kind(
          'bronze_reviews r WHERE EXISTS (SELECT 1 FROM bronze_customers c WHERE c.customer_id = r.customer_id)',
        ),
        'semi',
      )
      assert.equal(
        await kind('bronze_reviews r WHERE customer_id IN (SELECT customer_id FROM bronze_customers)'),
        'semi',
      )
      assert.equal(
        await kind(
          'bronze_reviews r WHERE NOT EXISTS (SELECT * FROM bronze_customers c WHERE c.customer_id = r.customer_id)',
        ),
        'anti',
      )
      assert.equal(
        await kind('bronze_reviews r LEFT ANTI JOIN bronze_customers c ON r.customer_id = c.customer_id'),
        'anti',
      )
    })

    it('needs no join at all', async () => {
      assert.equal(await kind('bronze_reviews r'), undefined)
    })

    it('makes an expression of a subquery NULL where a left join finds no customer', async () => {
      const { output } = await compile(
        "SELECT c.flag FROM bronze_reviews r LEFT JOIN (SELECT customer_id, 'known' AS flag FROM bronze_customers) c ON r.customer_id = c.customer_id",
      )
      assert.deepEqual(output[0]?.expr, {
        op: 'call',
        name: 'if',
        args: [
          { op: 'call', name: 'isnotnull', args: [customer('customer_id')], type: 'boolean' },
          { op: 'literal', value: 'known', type: 'string' },
          { op: 'literal', value: null, type: 'string' },
        ],
        type: 'string',
      })
    })
  })

  it('takes a column before a function of the same name', async () => {
    const { output } = await compile('SELECT current_timestamp, value, offset FROM bronze_reviews', [
      { name: 'current_timestamp', type: 'string' },
      { name: 'value', type: 'int' },
      { name: 'offset', type: 'bigint' },
    ])
    assert.deepEqual(
      output.map(({ expr }) => expr.op),
      ['column', 'column', 'column'],
    )
  })

  it('pins current_timestamp and current_date', async () => {
    const { output } = await compile('SELECT current_timestamp() AS t, current_date AS d FROM bronze_reviews')
    assert.deepEqual(
      output.map(({ expr }) => expr),
      [
        { op: 'literal', value: '1795504500000000', type: 'timestamp' },
        { op: 'literal', value: 20781, type: 'date' },
      ],
    )
  })

  it('takes INPUT_FILE_NAME for the path of _metadata', async () => {
    const { output } = await compile('SELECT input_file_name() AS file FROM bronze_reviews')
    assert.deepEqual(output[0]?.expr, { op: 'column', view: 'file', name: 'file_path', type: 'string' })
  })

  it('gives the lineage of _metadata', async () => {
    const { output } = await compile(
      'SELECT r._metadata.file_path, _metadata.file_modification_time AS modified FROM bronze_reviews r',
    )
    assert.deepEqual(output, [
      {
        name: 'file_path',
        type: 'string',
        nullable: false,
        expr: { op: 'column', view: 'file', name: 'file_path', type: 'string' },
      },
      {
        name: 'modified',
        type: 'timestamp',
        nullable: false,
        expr: { op: 'column', view: 'file', name: 'file_modification_time', type: 'timestamp' },
      },
    ])
  })

  it('can use a name of the select list in later items', async () => {
    const { output } = await compile('SELECT star_rating * 2 AS twice, twice + 1 AS more FROM bronze_reviews')
    assert.equal(output[1]?.type, 'int')
  })
})
