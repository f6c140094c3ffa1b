import { existsSync } from 'node:fs'
import { relative, sep } from 'node:path'
import { codecs } from '../../functions/adapters/codecs.ts'
import { UsageError } from '../../functions/base/refusal.ts'
import { many } from '../../functions/base/text.ts'
import { visibleLine } from '../../functions/base/visible.ts'
import { type SparkDirectory, takeOver } from '../../functions/maintain/takeover.ts'
import { defineCommand } from '../command-line/command.ts'
import type { LocalLake } from '../lakes/lake.ts'
import { openPlace } from '../lakes/lake-place.ts'
import { beginLake } from '../lakes/lake-record.ts'
import { ANY_LAKE_OPTIONS, openAnyLake } from '../lakes/open-lake.ts'
import type { StageLake } from '../lakes/stage/open-stage.ts'
import { print } from '../terminal/print.ts'

export default defineCommand(
  {
    purpose:
      "Makes the committed silver files of a Structured Streaming job the first batch of a new lake, and marks the job's " +
      'bronze files as processed. Checkpoint, silver and lake may each be in a directory or on S3, and the lake may be ' +
      'that of a stage. Stop the job, run this, start the schedule.',
    options: {
      ...ANY_LAKE_OPTIONS,
      checkpoint: { type: 'string', value: 'DIR|s3://…', help: "the job's checkpoint; required" },
      silver: {
        type: 'string',
        value: 'DIR|s3://…',
        help: "the job's silver directory, with its _spark_metadata; required",
      },
      'dry-run': { type: 'boolean', default: false, help: 'only show what would be taken over' },
    },
  },
  async values => {
    const named = { checkpoint: needed('checkpoint', values.checkpoint), silver: needed('silver', values.silver) }
    const dryRun = values['dry-run']
    const lake = await openAnyLake(values)
    const checkpoint = await sparkDirectory(lake, 'checkpoint', named.checkpoint)
    const silver = await sparkDirectory(lake, 'silver', named.silver)
    if (!dryRun && !('stage' in lake)) await beginLake(lake)
    const { store, layout } = lake
    const taken = await takeOver({ store, layout, codecs: codecs(), checkpoint, silver, now: Date.now(), dryRun })
    const found = `${many(taken.rows, 'row')} in ${many(taken.silver, 'silver file')}`
    const bronze = many(taken.bronze, 'bronze file')
    if (dryRun) print(`dry run: ${found} would be the first batch, and ${bronze} marked as processed`)
    else {
      print(`batch ${taken.batch}: ${found}, committed`)
      print(`${bronze} marked as processed; the next run publishes them and joins the others`)
    }
    for (const key of taken.missing.slice(0, 20)) print(`- processed, but no longer there: ${visibleLine(key)}`)
  },
)

function needed(name: string, value: string | undefined): string {
  if (value !== undefined) return value
  throw new UsageError(`--${name} DIR or s3://… is needed: npx silversmith takeover --help says what it is`)
}

/** A directory of the Spark job; inside a lake's directory its files are copied by the lake's own store. */
async function sparkDirectory(lake: LocalLake | StageLake, name: string, named: string): Promise<SparkDirectory> {
  const place = await openPlace(named, `--${name}`)
  if (place.root !== null && !existsSync(place.root)) throw new UsageError(`--${name}: there is no directory ${named}`)
  const outside = { store: place.store, root: '', name: named }
  if ('stage' in lake || lake.root === null || place.root === null) return outside
  const inside = relative(lake.root, place.root)
  if (inside.startsWith('..') || inside === '') return outside
  return { store: lake.store, root: `${inside.split(sep).join('/')}/`, name: named }
}
