import assert from 'node:assert/strict'
import { readLog } from '../../functions/log/read.ts'
import { findCatalogFault, repairCatalog } from '../../functions/maintain/catalog-fault.ts'
import { athenaCatalogOf } from '../../functions/readers/athena/athena-catalog.ts'
import { NO_REPAIRS } from '../../functions/readers/athena/repairs.ts'
import { MemoryAthena } from '../support/memory-glue.ts'
import { lakeOfReviews } from '../support/review-lake.ts'

describe('a catalog that goes by the Delta log', () => {
  it('is right after a run; what is wrong is named, and repaired', async () => {
    const world = await lakeOfReviews(3)
    const { store, layout } = world
    const athena = new MemoryAthena(store, layout)
    const lake = { store, layout, catalog: athenaCatalogOf('delta', athena) }
    world.athena = lake.catalog
    await world.run()
    const { state } = await readLog(store, layout)
    const rows = await athena.counts()
    const faults: Readonly<Record<string, () => unknown>> = {
      'the Delta log, which queries go by, ends at version 1, and the log at 2': () =>
        store.delete(layout.deltaVersion(2)),
      'the Delta log, which queries go by, ends at version -1, and the log at 2': async () => {
        for (const version of [0, 1, 2]) await store.delete(layout.deltaVersion(version))
      },
      'the catalog has no table that goes by the Delta log': () => {
        athena.table = undefined
      },
    }
    assert.equal(await findCatalogFault(lake, state), undefined)
    for (const [text, harm] of Object.entries(faults)) {
      await harm()
      assert.deepEqual(await findCatalogFault(lake, state), { text, partitions: [] })
      assert.deepEqual(await repairCatalog(lake), NO_REPAIRS)
      assert.equal(await findCatalogFault(lake, state), undefined)
      assert.deepEqual(await athena.counts(), rows)
    }
  })
})
