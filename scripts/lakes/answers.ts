import { collect } from '../../functions/adapters/duckdb/collect.ts'
import type { Beside } from '../../functions/adapters/duckdb/local-athena.ts'
import { readCatalog } from '../../functions/adapters/duckdb/local-catalog.ts'
import type { AskedLake } from '../../functions/adapters/duckdb/log-tables.ts'
import { refuseLosses } from '../../functions/adapters/duckdb/refuse-losses.ts'
import { tablesNamed } from '../../functions/adapters/duckdb/statement.ts'
import { Refusal, UsageError } from '../../functions/base/refusal.ts'
import { sameLake } from '../command-line/same-lake.ts'
import type { ConnectOptions, LocalLake, OpenLake, SilverTable } from './lake.ts'

type Answers = Pick<OpenLake, 'stream' | 'query' | 'writeParquet'>
type Connect = NonNullable<LocalLake['connect']>

/** DuckDB takes long to load: only commands that ask for rows do. */
const loadDuckDB = () => import('../../functions/adapters/duckdb/row-stream.ts')

/** How a lake's tables are asked. Throws Refusal where nothing is published yet. */
export function answersOf(
  table: SilverTable,
  lake: AskedLake & Pick<LocalLake, 'name' | 'options'>,
): Pick<LocalLake, 'connect'> & Answers {
  if (table.connect === null) return { connect: null, ...answersBesideAthena(table, lake) }
  const { store, layout, name, options } = lake
  const connect: Connect = async (sql, connectOptions = {}) => {
    const { named, isOfLog } = await look(sql)
    const published = (await readCatalog(store, layout)).table
    if (published.columns.length === 0 && (!isOfLog || named.has('reviews'))) {
      const start = `npx silversmith run${sameLake(options)}`
      throw new Refusal(`nothing is published in ${name} yet, so there is no silver.reviews: write ${start} first`)
    }
    // what is of the log alone needs no files of silver
    const seen = isOfLog && !named.has('reviews') ? { ...published, partitions: [] } : published
    return table.connect(seen, sql, { ...connectOptions, addTables: await adding(lake, named) })
  }
  const check: ConnectOptions['check'] = partitions => refuseLosses({ store, layout }, partitions, sameLake(options))
  return { connect, ...byDuckDB(connect, check) }
}

/**
 * The answers of Athena, which knows `silver.reviews` alone, and those of DuckDB on this machine to what is asked of the log.
 * Throws UsageError for a statement that asks both.
 */
export function answersBesideAthena(athena: Answers, lake: AskedLake): Answers {
  const connect: Connect = async (sql, { output } = {}) => {
    const { openSilver } = await import('../../functions/adapters/duckdb/local-athena.ts')
    const add = await adding(lake, (await look(sql)).named)
    const addTables: Beside['addTables'] = async connection => {
      await connection.run('DROP VIEW silver.reviews')
      return add(connection)
    }
    return openSilver({ columns: [] }, [], { addTables, ...(output !== undefined && { output }) })
  }
  const here = byDuckDB(connect)
  const whose = async (sql: string) => {
    const { named, isOfLog } = await look(sql)
    if (!isOfLog) return athena
    if (!named.has('reviews')) return here
    const others = [...named].filter(name => name !== 'reviews').map(name => `silver.${name}`)
    throw new UsageError(
      `Athena has only silver.reviews, and ${others.join(', ')} is read from the log on this machine: ask them one at a time`,
    )
  }
  return {
    stream: async sql => (await whose(sql)).stream(sql),
    query: async sql => (await whose(sql)).query(sql),
    writeParquet: async (sql, file) => (await whose(sql)).writeParquet(sql, file),
  }
}

async function look(sql: string): Promise<{ readonly named: ReadonlySet<string>; readonly isOfLog: boolean }> {
  const { LOG_TABLES } = await import('../../functions/maintain/log-tables/log-tables.ts')
  const named = tablesNamed(sql)
  return { named, isOfLog: [...named].some(name => Object.hasOwn(LOG_TABLES, name)) }
}

async function adding(lake: AskedLake, named: ReadonlySet<string>): Promise<NonNullable<Beside['addTables']>> {
  const { addLogTables } = await import('../../functions/adapters/duckdb/log-tables.ts')
  return connection => addLogTables(connection, lake, named)
}

/** What DuckDB answers. `check` judges the partitions where rows are asked for that must not be missing. */
function byDuckDB(connect: Connect, check?: ConnectOptions['check']): Answers {
  const checked: ConnectOptions = check ? { check } : {}
  const start = async (sql: string, options: ConnectOptions) => {
    const [connection, { streamRows }] = await Promise.all([connect(sql, options), loadDuckDB()])
    return streamRows(connection, sql, () => connection.closeSync())
  }
  return {
    stream: sql => start(sql, checked),
    query: async sql => collect(await start(sql, {})),
    writeParquet: async (sql, output) => {
      const [connection, { writeParquet }] = await Promise.all([connect(sql, { output, ...checked }), loadDuckDB()])
      try {
        return await writeParquet(connection, sql, output)
      } finally {
        connection.closeSync()
      }
    },
  }
}
