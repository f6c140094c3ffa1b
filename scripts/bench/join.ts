import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { nativeCodecs } from '../../functions/adapters/codecs.ts'
import { DirectoryStore } from '../../functions/adapters/directory/directory-store.ts'
import { mapConcurrently } from '../../functions/base/concurrently.ts'
import { buildSnapshot } from '../../functions/engine/dimensions/build-snapshot.ts'
import { openSnapshot } from '../../functions/engine/dimensions/snapshot.ts'
import { writeSilver } from '../../functions/engine/join/silver.ts'
import type { SourceFile } from '../../functions/engine/sources/source-file.ts'
import { MIN_COPY_BYTES, type ObjectWriter, type Store } from '../../functions/lake/store.ts'
import { columnsOf, readFooter } from '../../functions/parquet/metadata/footer.ts'
import { makeCodecs } from '../../functions/parquet/pages/codecs.ts'
import { startStopwatch } from '../../functions/pipeline/join/stopwatch.ts'
import type { CompiledQuery, JoinKey, TimestampForm } from '../../functions/sql/compiled.ts'
import type { Expr, View } from '../../functions/sql/expr.ts'
import { typedColumns } from '../../functions/sql/schema/bind.ts'
import type { Column } from '../../functions/sql/types.ts'

/** Bytes and requests of a run, as an object store would bill and a worker would wait for them. */
export interface Traffic {
  read: number
  written: number
  /** Copied inside the store. */
  copied: number
  requests: number
}

const KEY: JoinKey = {
  left: { op: 'column', view: 'reviews', name: 'customer_id', type: 'string' },
  right: { op: 'column', view: 'customers', name: 'customer_id', type: 'string' },
  type: 'string',
  nullSafe: false,
}
/** Files are packed into items as Plan does: up to 128 MiB, unless a file is large enough for itself. */
const ITEM = 128 << 20
/** Joins a bench lake with this project's engine, one silver file an item, and returns what went over the wire. */
export async function joinLake(
  directory: string,
  out: string,
  where: boolean,
  { timestamps = 'int64', ...options }: { readonly smallRows?: number; readonly timestamps?: TimestampForm } = {},
): Promise<Traffic> {
  const traffic = { read: 0, written: 0, copied: 0, requests: 0 }
  const store = new DirectoryStore(directory)
  const codecs = makeCodecs(nativeCodecs)
  const sourcesOf = async (folder: string) => {
    const names = (await readdir(join(directory, folder))).filter(name => name.endsWith('.parquet')).sort()
    return await Promise.all(names.map(name => open(store, `${folder}/${name}`, traffic)))
  }
  const customersFiles = await sourcesOf('bronze/customers')
  const reviewsFiles = await sourcesOf('bronze/reviews')
  await rm(join(directory, out), { recursive: true, force: true })
  await mkdir(join(directory, out), { recursive: true })

  const snapshot = `${out}/customers.snapshot`
  const target = counted(store.writer(snapshot), traffic)
  await buildSnapshot({ files: customersFiles, view: [], keys: [KEY], target, codecs })
  await target.close()
  const customers = openSnapshot(await store.get(snapshot))

  const [first] = reviewsFiles
  if (!first) throw new Error(`no reviews in ${directory}`)
  const plain = silverQuery(typedColumns(columnsOf(await readFooter(first))), customers.columns, where)
  const query = { ...plain, timestamps }
  // Two items at a time, as DuckDB has two threads: one waits for the store while the other computes.
  await mapConcurrently([...pack(reviewsFiles).entries()], 2, async ([item, sources]) => {
    const silver = counted(store.writer(`${out}/part-${String(item).padStart(5, '0')}.parquet`), traffic)
    const { phases } = startStopwatch(Date.now) // as workers do
    await writeSilver(
      { query, dimensions: [customers], sources, silver, parked: null, metadata: () => ({}), phases },
      codecs,
      options,
    )
    await silver.close()
  })
  await store.delete(snapshot)
  return traffic
}

/** `SELECT r.*, c.… FROM reviews r JOIN customers c USING (customer_id)`, with or without the WHERE. */
function silverQuery(reviews: readonly Column[], customers: readonly Column[], where: boolean): CompiledQuery {
  const column = (view: View, { name, type }: Column): Expr => ({ op: 'column', view, name, type })
  const id = { name: 'customer_id', type: 'string' } as const
  const verified = column('reviews', { name: 'verified_purchase', type: 'string' })
  const yes: Expr = { op: 'literal', value: 'Y', type: 'string' }
  const carried = reviews.map(of => ({ ...of, nullable: true, expr: column('reviews', of) }))
  const added = customers.filter(({ name }) => name !== id.name)
  return {
    sql: '',
    sha256: '',
    comment: '',
    reviews,
    dimensions: [{ name: 'customers', columns: customers }],
    filters: where ? [{ expr: { op: 'call', name: '=', args: [verified, yes], type: 'boolean' }, text: '' }] : [],
    joins: [
      {
        dimension: 'customers',
        kind: 'inner',
        keys: [KEY],
        on: null,
      },
    ],
    where: null,
    output: [...carried, ...added.map(of => ({ ...of, nullable: true, expr: column('customers', of) }))],
  }
}

function pack(files: readonly SourceFile[]): SourceFile[][] {
  const items: SourceFile[][] = []
  let packed: SourceFile[] = []
  let bytes = 0
  for (const file of files) {
    if (file.size >= MIN_COPY_BYTES) {
      items.push([file])
      continue
    }
    if (bytes + file.size > ITEM) {
      items.push(packed)
      packed = []
      bytes = 0
    }
    packed.push(file)
    bytes += file.size
  }
  return packed.length > 0 ? [...items, packed] : items
}

async function open(store: Store, key: string, traffic: Traffic): Promise<SourceFile> {
  const info = await store.head(key)
  if (!info) throw new Error(`no object ${key}`)
  return {
    ...info,
    path: {},
    parked: false,
    excluded: [],
    async read(range) {
      traffic.requests++
      traffic.read += range.end - range.start
      return await store.get(key, { range, ifMatch: info.etag })
    },
  }
}

function counted(writer: ObjectWriter, traffic: Traffic): ObjectWriter {
  return {
    get position() {
      return writer.position
    },
    async write(bytes) {
      traffic.written += bytes.length
      await writer.write(bytes)
    },
    async copy(source, range) {
      traffic.requests++
      traffic.copied += range.end - range.start
      await writer.copy(source, range)
    },
    async close() {
      traffic.requests++
      return await writer.close()
    },
    abort: () => writer.abort(),
  }
}
