import { existsSync } from 'node:fs'
import { relative, sep } from 'node:path'
import { userPath } from '../caller.ts'
import { defineCommand, UsageError } from '../command.ts'
import { DirectoryStore } from '../directory-store.ts'
import { LAKE_OPTIONS, type LocalLake, openLake } from '../open-lake.ts'
import { print } from '../terminal/print.ts'
import { visibleLine } from '../terminal/visible.ts'
import { many } from '../text.ts'
import { type SparkDirectory, takeOver } from '../upkeep/takeover.ts'

export default defineCommand(
  {
    purpose:
      "Makes the committed silver files of a Structured Streaming job the first batch of a new lake, and marks the job's " +
      'bronze files as processed. Stop the job, run this, start the schedule.',
    options: {
      ...LAKE_OPTIONS,
      checkpoint: { type: 'string', value: 'DIR', help: "the job's checkpoint; needed" },
      silver: { type: 'string', value: 'DIR', help: "the job's silver directory, with its _spark_metadata; needed" },
    },
  },
  async values => {
    const lake = openLake(values)
    const checkpoint = sparkDirectory(lake, 'checkpoint', values.checkpoint)
    const silver = sparkDirectory(lake, 'silver', values.silver)
    const taken = await takeOver({ ...lake, checkpoint, silver, now: Date.now() })
    print(`batch ${taken.batch}: ${many(taken.rows, 'row')} in ${many(taken.silver, 'silver file')}, committed`)
    print(`${many(taken.bronze, 'bronze file')} marked as processed; the next run tells readers and takes the others`)
    for (const key of taken.missing.slice(0, 20)) print(`- processed, but not there any more: ${visibleLine(key)}`)
  },
)

/** A directory of the Spark job; inside the lake its files are copied by the lake's own store. */
function sparkDirectory({ store, root }: LocalLake, name: string, named: string | undefined): SparkDirectory {
  if (named === undefined)
    throw new UsageError(`--${name} DIR is needed: npx silversmith takeover --help says what it is`)
  const path = userPath(named)
  if (!existsSync(path)) throw new UsageError(`--${name}: there is no directory ${named}`)
  const inside = relative(root, path)
  if (inside.startsWith('..') || inside === '') return { store: new DirectoryStore(path), root: '' }
  return { store, root: `${inside.split(sep).join('/')}/` }
}
