import assert from 'node:assert/strict'
import { parquetReadObjects } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'
import type { Layout } from '../../functions/lake/layout.ts'
import type { Store } from '../../functions/lake/store.ts'
import { FoldedLog } from '../../functions/log/fold.ts'
import { needCommit } from '../../functions/log/read.ts'

/** An `add` action. */
export interface DeltaAdd {
  readonly path: string
  readonly size: number
  /** UTC milliseconds. */
  readonly modificationTime: number
  readonly partitionValues: Readonly<Record<string, string>>
  readonly stats: string
}

/** A Delta table as of a version. */
export interface DeltaSnapshot {
  readonly version: number
  readonly id: string
  /** The names of the columns, the partition columns among them. */
  readonly columns: readonly string[]
  readonly files: ReadonlyMap<string, DeltaAdd>
}

// JSON, or a row of a checkpoint
type Action = Readonly<Record<string, Readonly<Record<string, unknown>> | null | undefined>>

/**
 * Reads a Delta table as PROTOCOL.md says: the newest checkpoint up to the version that is asked for, and the versions after
 * it, without a gap. Asserts what a reader relies on. Undefined where there is no table.
 */
export async function readDelta(store: Store, layout: Layout, wanted = Infinity): Promise<DeltaSnapshot | undefined> {
  const versions: number[] = []
  const checkpoints: number[] = []
  for await (const { key } of store.list(layout.deltaLog)) {
    const [, digits, kind] = /\/(\d{20})\.(json|checkpoint\.parquet)$/.exec(key) ?? []
    if (digits !== undefined && Number(digits) <= wanted)
      (kind === 'json' ? versions : checkpoints).push(Number(digits))
  }
  const newest = Math.max(-1, ...versions)
  if (newest < 0) return undefined
  const start = Math.max(-1, ...checkpoints)
  const actions: Action[] = start < 0 ? [] : await readCheckpoint(store, layout.deltaCheckpoint(start))
  let before = -1
  for (let version = start + 1; version <= newest; version++) {
    const lines = await readVersion(store, layout.deltaVersion(version))
    const { inCommitTimestamp } = lines[0]?.commitInfo ?? {}
    assert(typeof inCommitTimestamp === 'number' && inCommitTimestamp > before, `version ${version} is not later`)
    before = inCommitTimestamp
    actions.push(...lines)
  }
  return { version: newest, ...replay(actions) }
}

/** The actions of a version, one a line. */
export async function readVersion(store: Store, key: string): Promise<Action[]> {
  const text = new TextDecoder().decode(await store.get(key))
  assert(text.endsWith('\n'))
  return text
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line))
}

async function readCheckpoint(store: Store, key: string): Promise<Action[]> {
  const { buffer: file } = await store.get(key)
  const rows = await parquetReadObjects({ file, compressors, utf8: true })
  return rows
}

function replay(actions: readonly Action[]): Omit<DeltaSnapshot, 'version'> {
  const files = new Map<string, DeltaAdd>()
  let id = ''
  let columns: string[] = []
  let minReader: unknown
  for (const { add, remove, metaData, protocol } of actions) {
    if (protocol) minReader = protocol.minReaderVersion
    if (metaData) {
      id = String(metaData.id)
      columns = JSON.parse(String(metaData.schemaString)).fields.map(({ name }: { name: string }) => name)
    }
    if (remove) assert(files.delete(String(remove.path)), `${remove.path} is removed and was not there`)
    if (!add) continue
    assert(!files.has(String(add.path)), `${add.path} is added twice`)
    files.set(String(add.path), plainAdd(add as unknown as DeltaAdd)) // PROTOCOL.md, "Add File"
  }
  assert.equal(minReader, 1)
  assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  return { id, columns, files }
}

/** The same of a version's JSON and of a row of a checkpoint, which has bigints, and a map as a list of entries. */
function plainAdd({ path, size, modificationTime, partitionValues, stats }: DeltaAdd): DeltaAdd {
  const values = Array.isArray(partitionValues)
    ? Object.fromEntries(partitionValues.map(({ key, value }) => [key, value]))
    : partitionValues
  return { path, size: Number(size), modificationTime: Number(modificationTime), partitionValues: values, stats }
}

/** The rows of a snapshot as sorted JSON texts: the columns of the table, by their exact names, without the partition's. */
export async function deltaRows(store: Store, layout: Layout, { files, columns }: DeltaSnapshot): Promise<string[]> {
  const rows: string[] = []
  for (const { path, size, partitionValues, stats } of files.values()) {
    const bytes = await store.get(layout.roots.silver + decodeURIComponent(path))
    assert.equal(bytes.length, size)
    const found = await parquetReadObjects({ file: bytes.buffer, compressors })
    assert.equal(JSON.parse(stats).numRecords, found.length)
    const data = columns.filter(name => !(name in partitionValues))
    for (const row of found)
      rows.push(JSON.stringify(Object.fromEntries(data.map(name => [name, row[name] ?? null])), plain))
  }
  return rows.sort()
}

function plain(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? Number(value) : value
}

/** The rows that the log says silver had as of one of its versions, in the form of `deltaRows`. */
export async function rowsInLog(store: Store, layout: Layout, version: number): Promise<string[]> {
  const state = new FoldedLog()
  for (let each = 0; each <= version; each++) state.apply(await needCommit(store, layout, each))
  const rows: string[] = []
  for (const { location, silver } of state.batches.values()) {
    for (const { key } of silver) {
      const { buffer: file } = await store.get(layout.roots.silver + location + key)
      for (const row of await parquetReadObjects({ file, compressors }))
        rows.push(JSON.stringify(Object.fromEntries(state.schema.map(({ name }) => [name, row[name] ?? null])), plain))
    }
  }
  return rows.sort()
}

/**
 * Asserts that each version that is told has the files that the log has, and that those of versions within retention are
 * there: after the last commit at or before `horizon` (UTC milliseconds) that put files in place of others. Reads JSON alone.
 */
export async function assertVersions(store: Store, layout: Layout, horizon: number): Promise<void> {
  const state = new FoldedLog()
  const told = new Set<string>()
  const needed: { readonly since: number; readonly paths: readonly string[] }[] = []
  let retained = 0
  for (let version = 0; await store.head(layout.deltaVersion(version)); version++) {
    for (const { add, remove } of await readVersion(store, layout.deltaVersion(version))) {
      if (remove) assert(told.delete(String(remove.path)), `version ${version} removes what is not there`)
      if (add) told.add(String(add.path))
    }
    const commit = await needCommit(store, layout, version)
    state.apply(commit)
    const replaces = commit.operation === 'replace' || commit.operation === 'compact'
    if (replaces && Date.parse(commit.committedAt) <= horizon) retained = version
    const files = [...state.batches.values()].flatMap(({ location, silver }) =>
      silver.flatMap(({ key, rows }) => (rows > 0 ? [location + key] : [])),
    )
    assert.deepEqual([...told].sort(), files.sort(), `version ${version}`)
    needed.push({ since: version, paths: files })
  }
  const paths = new Set(needed.filter(({ since }) => since >= retained).flatMap(each => each.paths))
  for (const path of paths) assert(await store.head(layout.roots.silver + path), `${path} is gone`)
}
