import assert from 'node:assert/strict'
import { compileQuery } from '../../functions/sql/compile.ts'
import { parseDeclarations } from '../../functions/sql/declare.ts'
import { columns, REVIEWS, request } from '../support/compile-query.ts'
import { checkCommands } from './check-commands.ts'
import { blocksOf, GUIDES } from './page.ts'

const KINDS = ['sh', 'sql', 'text', 'mermaid', 'python', 'yaml']
/** Columns of the demo's reviews that the queries of other tests lack, and those of Kafka's messages. */
const DEMO = columns('product_parent, product_category, total_votes int, vine, review_headline, review_body')
const KAFKA = columns('value binary, topic, partition int, offset bigint, timestamp timestamp')
const DIMENSIONS = [
  { name: 'products', view: 'bronze_products', columns: columns('product_id, title, maker_id') },
  { name: 'makers', view: 'bronze_makers', columns: columns('maker_id, name') },
]

describe('the blocks of the guides', () => {
  const blocks = GUIDES.flatMap(page => blocksOf(page).map(block => ({ page, ...block })))

  it('are of a kind that is tested or drawn', () => {
    assert.deepEqual(
      blocks.filter(({ language }) => !KINDS.includes(language)),
      [],
    )
  })

  for (const { page, heading, line, language, body } of blocks) {
    if (language === 'sql' && body.includes('bronze_reviews')) {
      it(`hold a query that compiles: ${page}:${line}, ${heading}`, async () => {
        await compileQuery({ ...request(body, [...REVIEWS, ...DEMO, ...KAFKA]), dimensions: DIMENSIONS })
      })
    }
    if (language === 'sql' && body.startsWith('CREATE ')) {
      it(`hold DDL that bronze.sql could hold: ${page}:${line}, ${heading}`, () => {
        assert.equal(parseDeclarations(body).length, 1)
      })
    }
    if (language === 'sh') {
      it(`name commands, options and settings that exist: ${page}:${line}, ${heading}`, () => checkCommands(body))
    }
  }

  it('that deploy are the same in the tutorial as in the README, of which npm run e2e runs them', () => {
    const shellOf = (page: string, section: string) =>
      blocks.flatMap(block =>
        block.page === page && block.section === section && block.language === 'sh' ? [block.body] : [],
      )
    const inReadme = shellOf('README.md', 'Deploy')
    assert.equal(inReadme.length, 4)
    assert.deepEqual(shellOf('docs/tutorial.md', '10. Deploy'), inReadme)
  })
})
