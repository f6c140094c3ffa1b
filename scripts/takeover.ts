import { existsSync } from 'node:fs'
import { relative, resolve, sep } from 'node:path'
import { command, options, UsageError } from './command.ts'
import { DirectoryStore } from './directory-store.ts'
import { LAKE_OPTIONS, type LocalLake, openLake } from './open-lake.ts'
import { count } from './text.ts'
import { type SparkDirectory, takeOver } from './upkeep/takeover.ts'

const USAGE = 'npm run takeover -- [--lake DIR] --checkpoint DIR --silver DIR'

await command(async () => {
  const { values } = options(USAGE, {
    ...LAKE_OPTIONS,
    checkpoint: { type: 'string' },
    silver: { type: 'string' },
  })
  const lake = openLake(values)
  const checkpoint = sparkDirectory(lake, 'checkpoint', values.checkpoint)
  const silver = sparkDirectory(lake, 'silver', values.silver)
  const taken = await takeOver({ ...lake, checkpoint, silver, now: Date.now() })
  console.log(`batch ${taken.batch}: ${count(taken.rows)} rows in ${count(taken.silver)} silver files are committed`)
  console.log(`${count(taken.bronze)} bronze files count as processed; the next run tells readers and takes the others`)
  for (const key of taken.missing.slice(0, 20)) console.log(`- processed, but not there any more: ${key}`)
})

/** A directory of the Spark job; inside the lake its files are copied by the lake's own store. */
function sparkDirectory({ store, root }: LocalLake, name: string, path: string | undefined): SparkDirectory {
  if (path === undefined) throw new UsageError(`--${name} is needed: usage: ${USAGE}`)
  if (!existsSync(path)) throw new UsageError(`--${name}: there is no directory ${path}`)
  const inside = relative(root, resolve(path))
  if (inside.startsWith('..') || inside === '') return { store: new DirectoryStore(path), root: '' }
  return { store, root: `${inside.split(sep).join('/')}/` }
}
