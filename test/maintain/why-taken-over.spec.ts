import assert from 'node:assert/strict'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { DirectoryStore } from '../../functions/adapters/directory/directory-store.ts'
import { Layout } from '../../functions/lake/layout.ts'
import { takeOver } from '../../functions/maintain/takeover.ts'
import { explainReview } from '../../functions/maintain/why/explain-review.ts'
import { codecs } from '../support/joining.ts'

const FIXTURE = fileURLToPath(new URL('../fixtures/spark-takeover/', import.meta.url))
const layout = new Layout()

describe('explainReview() of a batch that a Spark job has joined', () => {
  let root: string
  let store: DirectoryStore
  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'silversmith-'))
    await cp(FIXTURE, root, { recursive: true })
    store = new DirectoryStore(root)
    const silver = { store, root: 'old-silver/' }
    await takeOver({
      codecs,
      store,
      layout,
      checkpoint: { store, root: 'checkpoint/' },
      silver,
      now: Date.UTC(2026, 10, 24),
    })
  })
  after(() => rm(root, { recursive: true }))

  const told = async (id: string, name: string, column = 'review_id') => {
    const { stories } = await explainReview({ codecs, store, layout, id, column })
    return stories.map(story => story.find(([each]) => each === name)?.[1])
  }

  it('finds each review in whichever silver file has it', async () => {
    const places = new Set<string>()
    for (const id of ['r1-0', 'r1-1', 'r2-0', 'r3-0', 'r4-3']) {
      const [status = ''] = await told(id, 'status')
      const [, key] = /^in silver, as far as its id says: (\S+); a Spark job joined its file$/.exec(status) ?? []
      assert(key, status)
      places.add(key)
    }
    assert(places.size > 1)
  })

  it('does not say that there was no join', async () => {
    assert.deepEqual(await told('r1-0', 'customers'), ['those of the Spark job'])
  })

  it('leaves what the job did not commit to the next run', async () => {
    assert.match((await told('r6-0', 'status'))[0] ?? '', /^not seen yet: /)
  })

  it('says when it cannot be told, because a silver file is gone', async () => {
    for await (const { key } of store.list('silver/reviews/ingest_date=')) await store.delete(key)
    assert.match(
      (await told('r1-0', 'status'))[0] ?? '',
      /^joined by a Spark job; whether .* can't be told, because \S+ is gone$/,
    )
  })
})
