import assert from 'node:assert/strict'
import { renewClaim } from '../../functions/lake/claim.ts'
import { Crash, Faults, faultyStore } from '../support/faulty-store.ts'
import { lived } from '../support/lived-lake.ts'
import { contents, ids, lose, loseLog, meaning, rebuild } from '../support/loss.ts'
import { World } from '../support/world.ts'

const REPROCESS = { reprocess: { from: '2000-01-01', to: '2100-01-01' } }

describe('rebuild', () => {
  it('restores a lost log, and a run afterwards adds nothing twice', async () => {
    const world = await lived()
    const before = await meaning(world)
    assert.deepEqual(before.parked, ['a3', 'b2'])
    await loseLog(world)
    const { commits } = await rebuild(world)
    assert.deepEqual(await meaning(world), before)
    // the attempts of before the reprocess are whole too, and come before those that took their place
    const operations = commits.map(({ operation }) => operation)
    assert.deepEqual(operations, ['append', 'append', 'append', 'append', 'replace', 'replace', 'replace'])
    await world.run()
    assert.deepEqual(await meaning(world), before)
    await world.addCustomers('e', [{ customer_id: '3', customer_name: 'three' }])
    await world.run()
    assert.equal((await world.silver()).length, 5)
    assert.deepEqual(await world.parked(), [])
    await world.run(REPROCESS)
    assert.equal((await world.silver()).length, 5)
  })

  it('does so also when the plans have expired, and says what it cannot know', async () => {
    const world = await lived()
    const before = await meaning(world)
    await loseLog(world)
    for (const key of [...world.store.objects.keys()]) if (key.includes('/runs/')) await world.store.delete(key)
    const { notes } = await rebuild(world)
    assert(notes.some(note => note.includes("the query's text, the input and the files of the dimensions are unknown")))
    await world.run()
    assert.deepEqual(await meaning(world), before)
  })

  it('restores a log of which some entries are left, and until then runs refuse', async () => {
    for (const kept of [0, 1, 2, 4]) {
      const world = await lived()
      const before = await meaning(world)
      await loseLog(world, key => key === world.layout.commit(kept))
      await assert.rejects(world.run(), { name: 'BrokenLog' }, `version ${kept} left`)
      await rebuild(world)
      await world.run()
      assert.deepEqual(await meaning(world), before, `version ${kept} left`)
    }
  })

  it('takes what the catalog has registered before anything else', async () => {
    const world = new World()
    await world.addCustomers('c', [{ customer_id: '1', customer_name: 'one' }])
    await world.addReviews('a', [{ review_id: 'a1', customer_id: '1', stars: 5 }])
    const faults = new Faults(({ name, key }) =>
      name === 'put' && key.startsWith(world.layout.log) ? { when: 'before', error: new Crash('died') } : undefined,
    )
    await assert.rejects(world.run({}, { faults }), Crash) // an older attempt with the same file, whole
    await world.run()
    const registered = await world.catalog.locations()
    await loseLog(world)
    await rebuild(world)
    await world.run()
    assert.deepEqual(await world.catalog.locations(), registered)
    assert.equal((await world.silver()).length, 1)
  })

  it('refuses while an execution is running, and when nothing is lost', async () => {
    const world = await lived()
    await assert.rejects(rebuild(world), { name: 'UsageError', message: /the log is whole/ })
    await loseLog(world)
    world.running.add('arn:aws:states:local:0:execution:silver:run-3')
    await assert.rejects(rebuild(world), { name: 'UsageError', message: /is running/ })
    world.running.clear()
    const execution = 'arn:aws:states:local:0:execution:silver:run-3'
    world.unknown.add(execution)
    const { patience } = world
    world.patience = { ...patience, wait: () => renewClaim({ ...world, execution }) }
    await assert.rejects(rebuild(world), { name: 'UsageError', message: /is running/ })
    world.patience = patience
  })

  it('leaves a mark while it writes, which no log can meet', async () => {
    const world = await lived()
    await loseLog(world)
    const faults = new Faults(({ name, key }) =>
      name === 'put' && key === world.layout.commit(1) ? { when: 'before', error: new Crash('died') } : undefined,
    )
    await assert.rejects(rebuild(world, { store: faultyStore(world.store, faults) }), Crash)
    assert(await world.store.head(world.layout.commit(0)), 'what is there could be taken for a log of one commit')
    await assert.rejects(world.run(), {
      name: 'BrokenLog',
      message: /a rebuild of it was cut off: restore its newest copy, or npx silversmith rebuild/,
    })
  })

  it('writes nothing in a dry run, and says what it would write', async () => {
    const world = await lived()
    await loseLog(world)
    const before = contents(world)
    const dry = await rebuild(world, { dryRun: true })
    assert.deepEqual(contents(world), before)
    const { commits, notes } = await rebuild(world)
    assert.deepEqual(dry, { commits, notes })
    assert(commits.length > 0)
  })

  it('lets a lake whose silver was removed begin again', async () => {
    const world = await lived()
    await loseLog(world)
    await lose(world, key => key.includes('/ingest_date=') || key.includes('/parked/'))
    world.catalog.partitions.clear()
    await assert.rejects(world.run(), { name: 'BrokenLog' })
    const { commits, notes } = await rebuild(world)
    assert.deepEqual(commits, [])
    assert.equal(notes.at(-1), 'nothing lies under silver/reviews/ that could be committed')
    await world.run()
    assert.deepEqual(await ids(world), ['a1', 'a2', 'b1'])
    assert.deepEqual(await world.parked(), ['a3', 'b2'])
  })
})
