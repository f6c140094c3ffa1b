import { bytes, many } from '../../functions/base/text.ts'
import { defaultAge, findRubbish, type Rubbish, removeRubbish } from '../../functions/maintain/vacuum.ts'
import { defineCommand, factsJson, JSON_OPTION, readAge } from '../command-line/command.ts'
import { ANY_LAKE_OPTIONS, openAnyLake } from '../lakes/open-lake.ts'
import { print } from '../terminal/print.ts'
import { table } from '../terminal/table.ts'

export default defineCommand(
  {
    purpose:
      'Removes what nobody can need any more: attempts that were never committed, locations that were replaced, plans of ' +
      'settled batches, dimension snapshots that no commit will use again, and files that a killed run was writing.',
    options: {
      ...ANY_LAKE_OPTIONS,
      'older-than': {
        type: 'string',
        value: 'AGE',
        help: 'remove only what is older: 30m, 24h, 7d (the default; 24h where there is no Delta table); readers can travel in time that far back',
      },
      'dry-run': { type: 'boolean', default: false, help: 'only show what would be removed' },
      ...JSON_OPTION,
    },
  },
  async values => {
    const asked = values['older-than'] === undefined ? undefined : readAge('older-than', values['older-than'])
    const lake = await openAnyLake(values)
    const olderThan = asked ?? (await defaultAge(lake))
    const vacuum = { ...lake, now: Date.now(), olderThan }
    const found = await findRubbish(vacuum)
    const dryRun = values['dry-run']
    if (values.json) return print(factsJson({ dryRun, removed: dryRun ? found : await remove(found, vacuum) }))
    if (found.length === 0) return print('nothing to remove')
    const rows = found.map(({ kind, batch, attempt, keys, bytes: size }) => [
      kind,
      batch,
      attempt,
      keys.length,
      bytes(size),
    ])
    print(table(['what', 'batch', 'attempt', 'objects', 'size'], rows))
    if (dryRun) return print(`dry run: ${total(found)} would go`)
    print(`removed ${total(await remove(found, vacuum))}`)
    const kept = 'stage' in lake ? await stageVersions(lake.stage.bucket, lake.layout.roots.silver) : undefined
    if (kept !== undefined) print(kept)
  },
)

async function remove(found: readonly Rubbish[], vacuum: Parameters<typeof removeRubbish>[1]): Promise<Rubbish[]> {
  const removed: Rubbish[] = []
  for (const each of found) if (await removeRubbish(each, vacuum)) removed.push(each)
  return removed
}

function total(found: readonly Rubbish[]): string {
  const objects = found.reduce((sum, { keys }) => sum + keys.length, 0)
  return `${many(objects, 'object')}, ${bytes(found.reduce((sum, each) => sum + each.bytes, 0))}`
}

/** What a stage's bucket keeps of deleted objects. */
async function stageVersions(bucket: string, silver: string) {
  const [{ keptVersions }, { connectS3 }] = await Promise.all([
    import('../lakes/stage/kept-versions.ts'), // with the SDK
    import('../../functions/adapters/s3/client.ts'),
  ])
  return keptVersions(connectS3(), bucket, silver)
}
