import assert from 'node:assert/strict'
import { compile } from '../support/compile-query.ts'

const SELECT = 'SELECT review_id, star_rating AS stars, upper(review_id) AS loud FROM bronze_reviews r'

async function rulesOf(head: string, select = SELECT) {
  const { rules = [] } = await compile(`${head}\n${select}`)
  return rules.map(({ name, action, text }) => [name, action, text])
}

describe('rules in the head of silver.sql', () => {
  for (const [separator, name] of [
    [',', 'commas'],
    [';', 'semicolons'],
    ['', 'nothing'],
    [';;\n-- why\n', 'comments'],
  ] as const) {
    it(`stand one after another, with ${name} between them`, async () => {
      const rules = [
        'CONSTRAINT valid_stars EXPECT (stars BETWEEN 1 AND 5) ON VIOLATION DROP ROW',
        'constraint has_id expect (review_id is not null) on violation fail update',
        'CONSTRAINT `as it is` EXPECT (loud = upper(review_id))',
      ]
      assert.deepEqual(await rulesOf(rules.map(rule => rule + separator).join('\n')), [
        ['valid_stars', 'drop', 'stars BETWEEN 1 AND 5'],
        ['has_id', 'fail', 'review_id is not null'],
        ['as it is', 'warn', 'loud = upper(review_id)'],
      ])
    })
  }

  it('stand before a WITH query too', async () => {
    const head = 'CONSTRAINT a EXPECT (review_id <> "")'
    assert.equal((await rulesOf(head, `WITH q AS (${SELECT}) SELECT * FROM q`)).length, 1)
  })

  it('are about what the columns of the select list stand for', async () => {
    const { rules } = await compile(`CONSTRAINT a EXPECT (stars > 1) ${SELECT}`)
    assert.deepEqual(rules?.[0]?.expr, {
      op: 'call',
      name: '>',
      args: [
        { op: 'column', view: 'reviews', name: 'star_rating', type: 'int' },
        { op: 'literal', value: 1, type: 'int' },
      ],
      type: 'boolean',
    })
  })

  it('leave a query without them as it was', async () => {
    assert.equal('rules' in (await compile(SELECT)), false)
  })

  it('neither hide the comment above the query nor become part of it', async () => {
    const rules =
      '-- why a\nCONSTRAINT a EXPECT (stars > 1) -- for a\n-- why b\nCONSTRAINT b EXPECT (stars > 2) -- for b\n'
    const plain = rules.replace('-- why a\n', '')
    assert.equal((await compile(`-- Reviews.\n${plain}${SELECT}`)).comment, 'Reviews.')
    assert.equal((await compile(`${plain}-- Reviews.\n/* All. */\n${SELECT}`)).comment, 'Reviews.\nAll.')
  })

  const refused: readonly (readonly [string, string])[] = [
    [
      'CONSTRAINT a EXPECT (r.star_rating > 1)',
      'line 1, column 22: a rule can use only the columns of the select list, and r.star_rating is not one of them',
    ],
    [
      'CONSTRAINT a EXPECT (r.review_id > 1)',
      'line 1, column 22: a rule can use only the columns of the select list, and r.review_id is not one of them; write review_id',
    ],
    [
      'CONSTRAINT a EXPECT (star > 1)',
      'line 1, column 22: a rule can use only the columns of the select list, and star is not one of them; did you mean stars?',
    ],
    [
      'CONSTRAINT a EXPECT (stars)',
      'line 1, column 22: a condition must be boolean, but this is int; compare it with something',
    ],
    [
      'CONSTRAINT a EXPECT (stars > 1',
      'line 2, column 1: expected ) after the condition of the rule, whose ( is at line 1, column 21, found SELECT',
    ],
    ['CONSTRAINT a EXPECT stars > 1', 'line 1, column 21: expected ( before the condition of the rule, found stars'],
    ['CONSTRAINT a CHECK (stars > 1)', 'line 1, column 14: CHECK is for tables; a rule says EXPECT (condition)'],
    [
      'CONSTRAINT a EXPECT (stars > 1) ON VIOLATION DROP',
      'line 1, column 46: expected DROP ROW or FAIL UPDATE after ON VIOLATION, found DROP',
    ],
    [
      'CONSTRAINT a EXPECT (stars > 1), CONSTRAINT A EXPECT (stars > 2)',
      'line 1, column 45: two rules are named A; give each a name of its own',
    ],
    [
      'CONSTRAINT `a,b` EXPECT (stars > 1)',
      'line 1, column 12: the name of a rule has at most 128 characters, none of them a comma',
    ],
    ['CONSTRAINT a EXPECT (count(*) > 1)', 'line 1, column 22: the aggregate COUNT is not possible'],
    [
      'CONSTRAINT a EXPECT (EXISTS (SELECT 1 FROM bronze_customers))',
      'line 1, column 22: EXISTS and IN with a subquery can stand in WHERE and in the select list only',
    ],
    [
      'CREATE STREAMING TABLE t (CONSTRAINT a EXPECT (stars > 1)) AS',
      'line 1, column 1: CREATE is not possible: the text must be one SELECT, whose rows are appended to silver; write the CONSTRAINT … EXPECT (…) before the SELECT',
    ],
    ['CONSTRAINT a EXPECT (rand() > 0.5)', 'line 1, column 22: RAND is not possible'],
  ]
  for (const [head, message] of refused) {
    it(`refuses ${head}`, async () => {
      await assert.rejects(rulesOf(head), (error: Error) => {
        assert.equal(error.message.slice(0, 'silver.sql '.length + message.length), `silver.sql ${message}`)
        return true
      })
    })
  }

  it('are refused after the query, with where they belong', async () => {
    await assert.rejects(rulesOf('', `${SELECT} CONSTRAINT a EXPECT (stars > 1)`), /rules come before the SELECT/)
  })

  it('refuses more than a hundred', async () => {
    const rules = Array.from({ length: 101 }, (_, i) => `CONSTRAINT r${i} EXPECT (stars > 1)`)
    await assert.rejects(rulesOf(rules.join('\n')), /there are more than 100 rules/)
  })

  it('refuses a column that has a name which rejected rows need', async () => {
    const select = 'SELECT review_id AS _silversmith_key FROM bronze_reviews'
    await assert.rejects(
      rulesOf('CONSTRAINT a EXPECT (true)', select),
      /column _silversmith_key has a name that rejected/,
    )
    assert.equal((await rulesOf('', select)).length, 0)
  })
})
