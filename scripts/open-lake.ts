import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { GlueClient } from '@aws-sdk/client-glue'
import type { Executions } from '../functions/lake/claim.ts'
import { Layout } from '../functions/lake/layout.ts'
import { S3Store } from '../functions/lake/s3-store.ts'
import type { Store } from '../functions/lake/store.ts'
import { AthenaCatalog } from '../functions/publishing/athena-catalog.ts'
import type { Catalog } from '../functions/publishing/catalog.ts'
import { connectAthena } from '../functions/runtime/athena.ts'
import { connectGlue } from '../functions/runtime/glue.ts'
import { connectS3 } from '../functions/runtime/s3.ts'
import { connectExecutions } from '../functions/runtime/step-functions.ts'
import { userPath } from './caller.ts'
import { Refusal, UsageError } from './command.ts'
import { DirectoryStore } from './directory-store.ts'
import { openAthena } from './local-athena.ts'
import { LocalCatalog, readCatalog } from './local-catalog.ts'
import { localExecutions } from './process.ts'
import { collect, type QueryResult, type RowStream, streamRows, writeParquet } from './query/row-stream.ts'
import { findStage, type Stage } from './stage/find-stage.ts'
import { streamStage } from './stage/query-stage.ts'

/** A lake that a command works on: in a directory, or that of a deployed stage. */
export interface OpenLake {
  readonly store: Store
  readonly layout: Layout
  readonly executions: Executions
  readonly catalog: Catalog
  /** How messages name it. */
  readonly name: string
  /** Its root as a URI, with a slash at its end. */
  readonly uri: string
  /** Starts a query over `silver.reviews`: what is published, and nothing else. */
  readonly stream: (sql: string) => Promise<RowStream>
  /** The same for a result that is known to be small. */
  readonly query: (sql: string) => Promise<QueryResult>
  /** Writes a query's rows as a Parquet file, and returns their number. */
  readonly writeParquet: (sql: string, file: string) => Promise<number>
}

/** A lake on this machine. */
export interface LocalLake extends OpenLake {
  /** Its directory. */
  readonly root: string
}

/** The lake of a deployed stage. */
export interface StageLake extends OpenLake {
  readonly stage: Stage
}

/** The option that names a lake on this machine. */
export const LAKE_OPTIONS = {
  lake: { type: 'string', value: 'DIR', help: "the lake's directory; ./lake of this project if not given" },
} as const

/** The options that name a lake, wherever it is. */
export const ANY_LAKE_OPTIONS = {
  ...LAKE_OPTIONS,
  stage: { type: 'string', value: 'NAME', help: 'the lake of a deployed stage, in the place of a directory' },
} as const

/** The demo's lake, and what is meant where no other is named. */
const DEMO = 'lake'

/** The directory that `--lake` means. Throws UsageError for one in whose path queries would see a partition. */
export function lakeDirectory(named: string | undefined): string {
  const root = named === undefined ? resolve(DEMO) : userPath(named)
  const [, segment] = /[/\\]((?:ingest_date|batch)=[^/\\]*)/.exec(root) ?? []
  if (segment === undefined) return root
  throw new UsageError(
    `a lake can't lie below ${segment}, which queries would take for its partition: rename or move it`,
  )
}

/** Opens the lake in a directory. Throws UsageError where there is none. */
export function openLake({ lake }: { readonly lake?: string | undefined }): LocalLake {
  const root = lakeDirectory(lake)
  const name = lake ?? DEMO
  const layout = new Layout()
  if (!existsSync(join(root, layout.roots.silver)) && !existsSync(join(root, layout.roots.reviews))) {
    const hint = lake === undefined ? 'write npx silversmith run first, or name another with --lake' : 'check --lake'
    if (!existsSync(root)) throw new UsageError(`there is no lake ${name}: ${hint}`)
    const missing = `it has neither ${layout.roots.reviews} nor ${layout.roots.silver}`
    throw new UsageError(`${name} is no lake, ${missing}: ${hint}`)
  }
  const store = new DirectoryStore(root)
  const catalog = new LocalCatalog(store, layout, root)
  const connect = async (output?: string) => {
    const { table } = await readCatalog(store, layout)
    if (table.columns.length > 0) return openAthena(root, layout, table, output)
    const start = `npx silversmith run${lake === undefined ? '' : ` --lake ${lake}`}`
    throw new Refusal(`nothing is published in ${name} yet, so there is no silver.reviews: write ${start} first`)
  }
  const stream = async (sql: string) => {
    const connection = await connect()
    return streamRows(connection, sql, () => connection.closeSync())
  }
  const query = async (sql: string) => collect(await stream(sql))
  const parquet = async (sql: string, file: string) => {
    const connection = await connect(file)
    try {
      return await writeParquet(connection, sql, file)
    } finally {
      connection.closeSync()
    }
  }
  const uri = `${pathToFileURL(root)}/`
  return { store, layout, executions: localExecutions, catalog, name, uri, stream, query, root, writeParquet: parquet }
}

/** Opens the lake of a stage, with the credentials of whoever calls. Throws UsageError where there is no such stage. */
export async function openStage(name: string): Promise<StageLake> {
  const stage = await findStage(name)
  const layout = new Layout(stage.roots)
  const athena = connectAthena(stage.athena, stage.workgroup)
  const glue = new GlueClient({ maxAttempts: 5 })
  return {
    store: new S3Store(connectS3(), stage.bucket),
    layout,
    executions: connectExecutions(stage.sfn),
    catalog: new AthenaCatalog(
      athena,
      connectGlue(glue, stage.table),
      stage.table,
      `s3://${stage.bucket}/${layout.roots.silver}`,
    ),
    name: `stage ${name}`,
    uri: `s3://${stage.bucket}/`,
    stream: sql => streamStage(stage, sql),
    query: async sql => collect(await streamStage(stage, sql)),
    writeParquet: async () => {
      throw new UsageError('--format parquet is for a lake that DuckDB reads: for a stage write csv or json')
    },
    stage,
  }
}

/** Opens the lake that `--stage` or `--lake` names. */
export async function openAnyLake(values: {
  readonly lake?: string | undefined
  readonly stage?: string | undefined
}): Promise<LocalLake | StageLake> {
  if (values.lake !== undefined && values.stage !== undefined) {
    throw new UsageError('--lake and --stage name two lakes: leave one of them out')
  }
  return values.stage === undefined ? openLake(values) : openStage(values.stage)
}
