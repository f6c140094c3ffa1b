import { nativeCodecs } from '../../functions/adapters/codecs.ts'
import { DirectoryStore } from '../../functions/adapters/directory/directory-store.ts'
import type { ByteRange } from '../../functions/base/bytes.ts'
import type { SnapshotRequest } from '../../functions/engine/dimensions/build-snapshot.ts'
import { scanFiles } from '../../functions/engine/dimensions/scan-files.ts'
import { evaluatePlan } from '../../functions/engine/static/evaluate-plan.ts'
import { makeCodecs } from '../../functions/parquet/pages/codecs.ts'
import { parse } from '../../functions/sql/parse/statement.ts'
import { idCounter } from '../../functions/sql/resolve/environment.ts'
import { resolveStatic } from '../../functions/sql/resolve/static/query.ts'
import { writeBenchFile } from './lake.ts'
import { benchCustomers } from './rows.ts'

/*
 * One measurement in a process of its own: evaluates a static query over so many rows of customers from Parquet, of which
 * each customer has `versions`. Milliseconds and bytes; the files are made by `make`, in a process of its own too.
 */
const [action, folder = '', count = '0', versions = '1', sql = ''] = process.argv.slice(2)
const PER_FILE = 500_000
const store = new DirectoryStore(folder)

if (action === 'make') await make(Number(count), Number(versions))
else console.log(JSON.stringify(await evaluate()))

async function make(rows: number, versionsOf: number): Promise<void> {
  const customers = Math.ceil(rows / versionsOf)
  for (let from = 0; from < rows; from += PER_FILE) {
    const columns = benchCustomers(Math.min(PER_FILE, rows - from), from % customers)
    await writeBenchFile(store, `customers/${from}.parquet`, [columns], makeCodecs())
  }
}

async function evaluate() {
  const files: SnapshotRequest['files'][number][] = []
  for await (const { key } of store.list('customers/')) {
    const info = await store.head(key)
    if (info) files.push({ ...info, read: (range: ByteRange) => store.get(key, { range }) })
  }
  const names = ['customer_id', 'customer_name', 'gender', 'date_of_birth', 'city', 'state']
  const columns = names.map(name => ({ name, type: 'string' as const }))
  const views = [{ view: 'customers', name: 'bronze_customers', columns }]
  const around = { sql, now: 0n, common: new Map(), statics: new Map(), newId: idCounter() }
  const { plan, columns: output } = resolveStatic(parse(sql), { ...around, views })
  const ids = output.flatMap(({ operand }) => (operand.op === 'column' ? [operand.name] : []))
  const codecs = makeCodecs(nativeCodecs)
  const started = performance.now()
  const { rows } = await evaluatePlan(plan, new Set(ids), async (_, wanted) => {
    return await scanFiles(files, columns, wanted, codecs)
  })
  const took = performance.now() - started
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage()
  return { rows, took, cpu: (userCPUTime + systemCPUTime) / 1e6, rss: maxRSS * 1024 }
}
