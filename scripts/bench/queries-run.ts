import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { nativeCodecs } from '../../functions/adapters/codecs.ts'
import { DirectoryStore } from '../../functions/adapters/directory/directory-store.ts'
import { elementAt } from '../../functions/base/at.ts'
import { buildSnapshot } from '../../functions/engine/dimensions/build-snapshot.ts'
import type { OpenDimension } from '../../functions/engine/dimensions/open-dimension.ts'
import { openSnapshot } from '../../functions/engine/dimensions/snapshot.ts'
import { writeSilver } from '../../functions/engine/join/silver.ts'
import type { SourceFile } from '../../functions/engine/sources/source-file.ts'
import type { ObjectWriter } from '../../functions/lake/store.ts'
import { columnsOf, readFooter } from '../../functions/parquet/metadata/footer.ts'
import { makeCodecs } from '../../functions/parquet/pages/codecs.ts'
import { compileQuery } from '../../functions/sql/compile.ts'
import type { CompiledQuery } from '../../functions/sql/compiled.ts'
import { typedColumns } from '../../functions/sql/schema/bind.ts'
import { benchLake, SHAPES } from './lake.ts'

/*
 * One measurement in a process of its own: joins the reviews of the lake `batches` by the query given, each file into one
 * silver file, after it has loaded the dimensions. Prints one line of JSON: CPU seconds of the whole process and of the join.
 */
const [sql = ''] = process.argv.slice(2)
const OUT = 'silver-queries'
const codecs = makeCodecs(nativeCodecs)

const directory = await benchLake('batches')
const store = new DirectoryStore(directory)
const files = Array.from({ length: SHAPES.batches.files }, (_, file) => file)
const reviews = await Promise.all(files.map(file => sourceAt('reviews', file)))
const customers = await sourceAt('customers', 0)
const query = await compiled()
const dimensions = await dimensionsOf(query)
const loaded = cpuSeconds()
for (const [file, source] of reviews.entries()) await joinFile(file, source)
const all = cpuSeconds()
console.log(JSON.stringify({ cpu: all, join: all - loaded }))
await rm(join(directory, OUT), { recursive: true })

async function joinFile(file: number, source: SourceFile): Promise<void> {
  const silver = store.writer(`${OUT}/part-${file}.parquet`)
  let side: ObjectWriter | undefined
  const rejected = () => {
    side ??= store.writer(`${OUT}/rejected-${file}.parquet`)
    return side
  }
  const request = { query, dimensions, sources: [source], silver, parked: null, rejected, metadata: () => ({}) }
  await writeSilver(request, codecs)
  await silver.close()
  await side?.close()
}

async function compiled(): Promise<CompiledQuery> {
  const columnsIn = async (file: SourceFile) => typedColumns(columnsOf(await readFooter(file)))
  const columns = await columnsIn(customers)
  return await compileQuery({
    sql,
    reviews: { view: 'bronze_reviews', columns: await columnsIn(elementAt(reviews, 0)) },
    customers: { view: 'bronze_customers', columns },
    dimensions: [{ name: 'people', view: 'bronze_people', columns }],
    now: 0n,
  })
}

async function dimensionsOf({ joins }: CompiledQuery): Promise<OpenDimension[]> {
  const opened: OpenDimension[] = []
  for (const { keys } of joins) {
    const target = store.writer(`${OUT}/snapshot`)
    await buildSnapshot({ files: [customers], view: [], keys, target, codecs })
    await target.close()
    opened.push(openSnapshot(await store.get(`${OUT}/snapshot`)))
  }
  return opened
}

async function sourceAt(folder: string, file: number): Promise<SourceFile> {
  const key = `bronze/${folder}/part-${String(file).padStart(5, '0')}.snappy.parquet`
  const info = await store.head(key)
  if (!info) throw new Error(`no object ${key}`)
  return { ...info, path: {}, parked: false, excluded: [], read: range => store.get(key, { range }) }
}

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}
