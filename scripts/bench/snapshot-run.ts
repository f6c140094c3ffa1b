import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { nativeCodecs } from '../../functions/adapters/codecs.ts'
import { DirectoryStore } from '../../functions/adapters/directory/directory-store.ts'
import type { ByteRange } from '../../functions/base/bytes.ts'
import { buildSnapshot } from '../../functions/engine/dimensions/build-snapshot.ts'
import { openSnapshot } from '../../functions/engine/dimensions/snapshot.ts'
import { makeCodecs } from '../../functions/parquet/pages/codecs.ts'
import { writeBenchFile } from './lake.ts'
import { benchCustomers } from './rows.ts'

/*
 * One measurement in a process of its own: builds the snapshot of so many customers from Parquet, and opens it.
 * `load` is from the store to the first look-up, `open` that without reading the bytes. Milliseconds and bytes.
 */
const count = Number(process.argv[2])
const directory = await mkdtemp(join(tmpdir(), 'silversmith-snapshot-'))
const store = new DirectoryStore(directory)
const codecs = makeCodecs(nativeCodecs)
const PER_FILE = 500_000
const files = []
for (let from = 0; from < count; from += PER_FILE) {
  const key = `customers/${from}.parquet`
  await writeBenchFile(store, key, [benchCustomers(Math.min(PER_FILE, count - from), from)], makeCodecs())
  const info = await store.head(key)
  if (!info) throw new Error(`no object ${key}`)
  files.push({ ...info, read: (range: ByteRange) => store.get(key, { range }) })
}
const expr = { op: 'column', view: 'customers', name: 'customer_id', type: 'string' } as const
const started = performance.now()
const target = store.writer('customers.snapshot')
await buildSnapshot({
  files,
  view: [],
  keys: [{ left: expr, right: expr, type: 'string', nullSafe: false }],
  target,
  codecs,
})
await target.close()
const build = performance.now() - started

const loads: number[] = []
const opens: number[] = []
let bytes = 0
for (let i = 0; i < 5; i++) {
  const start = performance.now()
  const snapshot = await store.get('customers.snapshot')
  const read = performance.now()
  const customers = openSnapshot(snapshot)
  for (const { name } of customers.columns) customers.column(name)
  if (customers.find(new Uint8Array(1), 0, 1) >= 0) throw new Error('found a customer that is not there')
  const end = performance.now()
  loads.push(end - start)
  opens.push(end - read)
  bytes = snapshot.length
}
const middle = (times: number[]) => times.sort((a, b) => a - b)[2]
const { maxRSS } = process.resourceUsage()
console.log(
  JSON.stringify({ customers: count, build, load: middle(loads), open: middle(opens), bytes, rss: maxRSS * 1024 }),
)
await rm(directory, { recursive: true })
