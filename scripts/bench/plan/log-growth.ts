import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DirectoryStore } from '../../../functions/adapters/directory/directory-store.ts'
import { readLog } from '../../../functions/log/read.ts'
import { writeLogSnapshot } from '../../../functions/log/snapshot.ts'
import { layout, type SimulatedLake, simulatedCommit, writeSimulatedLog } from './simulated-lake.ts'

/*
 * What a log of many commits is like, in a process of its own: prints it as JSON. Arguments: commits, bronze files in each.
 * The snapshot is written and read for real; of the commits those after it.
 */
const [commits = 0, files = 0] = process.argv.slice(2).map(Number)
const TAIL = 20
const directory = await mkdtemp(join(tmpdir(), 'silversmith-log-'))
try {
  const store = new DirectoryStore(directory)
  const lake: SimulatedLake = { keys: commits * files, fresh: 1, batches: commits }
  await writeSimulatedLog(store, lake)
  const size = await snapshotSize(store)
  const encoder = new TextEncoder()
  const commitSize = encoder.encode(JSON.stringify(simulatedCommit(commits, 0, files))).length
  for (let version = commits; version < commits + TAIL; version++) {
    const commit = simulatedCommit(version, version * files, files)
    await store.put(layout.commit(version), encoder.encode(JSON.stringify(commit)))
  }
  const started = performance.now()
  const log = await readLog(store, layout)
  const read = performance.now()
  await writeLogSnapshot(store, layout, log)
  const written = performance.now()
  console.log(
    JSON.stringify({
      commitBytes: commitSize,
      snapshotBytes: size,
      readSeconds: (read - started) / 1000,
      writeSeconds: (written - read) / 1000,
      rss: process.resourceUsage().maxRSS * 1024,
    }),
  )
} finally {
  await rm(directory, { recursive: true, force: true })
}

async function snapshotSize(store: DirectoryStore): Promise<number> {
  for await (const { key } of store.list(layout.log)) {
    if (key.includes('.snapshot.')) return (await stat(join(store.root, key))).size
  }
  return 0
}
