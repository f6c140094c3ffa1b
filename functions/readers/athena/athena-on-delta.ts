import { readPublished, refuseOtherLog } from '../published.ts'
import type { Reader, TellOptions, Told } from '../reader.ts'
import type { DeltaCatalog } from './catalog.ts'
import { findMiscounted, miscountText, shown } from './differences.ts'
import { type AthenaDependencies, SLICE_OF_BATCHES } from './partitions.ts'
import { HOUR, PublishedHint, sinceCheck } from './published-hint.ts'

/**
 * Athena, where its table goes by the Delta log: that is written first, and there is nothing more to publish. This
 * makes sure that the table is there with its columns, and a query counts the rows of each new batch, a slice at a
 * time. Once an hour the Delta log is compared with the commits, too. Throws BrokenLog for a log that lacks what was
 * counted before.
 */
export function athenaOnDelta(dependencies: AthenaDependencies<DeltaCatalog>): Reader {
  const { store, layout, clock, checkEvery = HOUR } = dependencies
  return {
    name: 'Athena',
    after: 'Delta',
    open: async () => {
      const published = await readPublished(store, layout)
      return {
        version: published.version,
        isDue: () => sinceCheck(published, clock()) >= checkEvery,
        tell: options => countNew(dependencies, new PublishedHint(dependencies, published), options),
      }
    },
  }
}

async function countNew(
  { store, layout, catalog, clock, slice = SLICE_OF_BATCHES }: AthenaDependencies<DeltaCatalog>,
  hint: PublishedHint,
  { log, check }: TellOptions,
): Promise<Told> {
  const before = hint.next
  await refuseOtherLog(store, layout, before, log)
  if (log.version < 0) return { complete: true }
  await catalog.ensureTable(log.schema, log.comment)
  const fresh = shown(log).filter(({ version }) => version > before.version)
  const counted = fresh.slice(0, slice)
  const again = before.miscounted.flatMap(id => log.batchOf(id) ?? [])
  const wrong = await findMiscounted(catalog, [...new Set([...again, ...counted])])
  // a batch that was replaced while it was counted is counted again
  if (wrong.length > 0 && (await store.head(layout.commit(log.version + 1)))) return { complete: false }
  const complete = counted.length === fresh.length
  const { version, attempt } = complete ? log : (counted.at(-1) ?? log)
  if (check && sinceCheck(before, clock()) >= HOUR) hint.noteCheck()
  hint.note({ miscounted: wrong.map(({ batch }) => batch.batch) })
  await hint.save({ version, attempt })
  const [first] = wrong
  return { complete, mismatch: complete && first ? miscountText(first, layout) : undefined }
}
