import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { readIfThere } from '../../functions/adapters/lambda/query-text.ts'
import { UsageError } from '../../functions/base/refusal.ts'
import { DEFAULT_ROOTS } from '../../functions/lake/layout.ts'
import { READ_LIMITS } from '../../functions/parquet/metadata/read-limits.ts'
import { findViews } from '../../functions/pipeline/plan/views.ts'
import type { QueryText } from '../../functions/sql/declare.ts'
import { parse } from '../../functions/sql/parse/statement.ts'
import { userPath } from '../command-line/caller.ts'
import { type Option, oneOf, wholeNumber } from '../command-line/command.ts'
import { sameLake, shellWord } from '../command-line/same-lake.ts'
import type { LocalRun } from './run-local.ts'

/** The options that name the query and its two views. */
export const QUERY_OPTIONS = {
  sql: { type: 'string', value: 'FILE', help: "the query; default: this project's silver.sql" },
  bronze: { type: 'string', value: 'FILE', help: 'a file that declares the two views, like bronze.sql' },
  'reviews-view': {
    type: 'string',
    default: 'bronze_reviews',
    value: 'NAME',
    help: 'the name of the reviews in the query',
  },
  'customers-view': {
    type: 'string',
    default: 'bronze_customers',
    value: 'NAME',
    help: 'the name of the customers in the query',
  },
} as const

/** The options that say how a run on this machine works; deployed, they are parameters of serverless.yml. */
export const SETTINGS_OPTIONS = {
  ...QUERY_OPTIONS,
  unmatched: {
    type: 'string',
    default: 'park',
    value: 'park|drop',
    help: 'what to do with reviews whose customer is not known: let them wait, or leave them out',
  },
  'max-files': { type: 'string', default: '5000', value: 'N', help: 'the most bronze files in one batch' },
  'max-bytes': {
    type: 'string',
    default: String(64 * 2 ** 30),
    value: 'N',
    help: 'the most bytes of bronze in one batch',
  },
  concurrency: { type: 'string', default: '5', value: 'N', help: 'how many items to join at once' },
  'verify-pages': {
    type: 'string',
    default: 'off',
    value: 'off|on',
    help: 'also decode pages that are only copied, so that no damaged one gets into silver (docs/performance.md)',
  },
  timestamps: {
    type: 'string',
    default: 'int64',
    value: 'int64|as-is',
    help: 'how to write timestamps that bronze has as INT96: as INT64 microseconds, or as they are (docs/readers.md)',
  },
  'max-page-bytes': {
    type: 'string',
    default: String(READ_LIMITS.maxPageBytes),
    value: 'N',
    help: 'the most bytes of one page after decompression',
  },
  'max-file-rows': {
    type: 'string',
    default: String(READ_LIMITS.maxFileRows),
    value: 'N',
    help: 'the most rows of a file, unless it has a byte for every eight rows',
  },
  'ignore-spark-metadata': {
    type: 'boolean',
    default: false,
    help: "also take bronze files that the log of Spark's file sink (_spark_metadata) does not have",
  },
  delta: {
    type: 'string',
    default: 'on',
    value: 'on|off',
    help: 'make silver a Delta table too, which most engines read (docs/readers.md)',
  },
} as const

interface QueryValues {
  readonly sql?: string | undefined
  readonly bronze?: string | undefined
  readonly 'reviews-view': string
  readonly 'customers-view': string
}

interface SettingsValues extends QueryValues {
  readonly unmatched: string
  readonly 'max-files': string
  readonly 'max-bytes': string
  readonly concurrency: string
  readonly 'verify-pages': string
  readonly timestamps: string
  readonly 'max-page-bytes': string
  readonly 'max-file-rows': string
  readonly 'ignore-spark-metadata': boolean
  readonly delta: string
}

/**
 * The options that name the same lake, query and settings in another command that joins, each with a space before it: for
 * advice that does the same.
 */
export function sameAgain(values: Readonly<Record<string, unknown>> & Parameters<typeof sameLake>[0]): string {
  const options: Readonly<Record<string, Option>> = SETTINGS_OPTIONS
  const given = Object.entries(options).flatMap(([name, option]) => {
    const value = values[name]
    if (value === undefined || value === option.default) return []
    return typeof value === 'string' ? [` --${name} ${shellWord(value)}`] : [` --${name}`]
  })
  return sameLake(values) + given.join('')
}

const SQL = new URL('../../silver.sql', import.meta.url)
const BRONZE = new URL('../../bronze.sql', import.meta.url)

/** Reads these options, and the query. Throws UsageError, which names the one that is wrong. */
export async function readSettings(values: SettingsValues, roots = DEFAULT_ROOTS): Promise<LocalRun['settings']> {
  const settings = {
    caps: {
      maxFilesPerBatch: wholeNumber('max-files', values['max-files']),
      maxBytesPerBatch: wholeNumber('max-bytes', values['max-bytes']),
    },
    maxConcurrency: wholeNumber('concurrency', values.concurrency),
    unmatched: oneOf('unmatched', values.unmatched, ['park', 'drop']),
    ignoreSparkMetadata: values['ignore-spark-metadata'],
    delta: oneOf('delta', values.delta, ['on', 'off']) === 'on',
    verifyPages: oneOf('verify-pages', values['verify-pages'], ['off', 'on']) === 'on',
    timestamps: oneOf('timestamps', values.timestamps, ['int64', 'as-is']),
    limits: {
      maxPageBytes: wholeNumber('max-page-bytes', values['max-page-bytes']),
      maxFileRows: wholeNumber('max-file-rows', values['max-file-rows']),
    },
  }
  const text = await readQuery(values, roots)
  return { ...settings, query: async () => text }
}

/** Reads the query that the options name, as far as that can be judged without files. Throws UsageError, InvalidQuery. */
export async function readQuery(values: QueryValues, roots = DEFAULT_ROOTS): Promise<QueryText> {
  const text = {
    sql: await readSql('sql', values.sql),
    // the project's own bronze.sql belongs to its own silver.sql
    declarations: values.bronze === undefined && values.sql !== undefined ? null : await readBronze(values.bronze),
    reviewsView: values['reviews-view'],
    customersView: values['customers-view'],
  }
  await withQueryNamed(values, async () => {
    parse(text.sql)
    const { reviews, customers } = findViews(text, roots)
    if (reviews.view.toLowerCase() === customers.view.toLowerCase()) {
      throw new UsageError(`--reviews-view and --customers-view must be two names, not both ${reviews.view}`)
    }
  })
  return text
}

/** Does something with the query; messages about silver.sql and bronze.sql name the files that the options name. */
export async function withQueryNamed<T>(
  { sql, bronze }: Pick<QueryValues, 'sql' | 'bronze'>,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof Error) {
      const names: Readonly<Record<string, string | undefined>> = { 'silver.sql': sql, 'bronze.sql': bronze }
      error.message = error.message.replaceAll(/\b(?:silver|bronze)\.sql\b/g, name => names[name] ?? name)
    }
    throw error
  }
}

async function readBronze(named: string | undefined): Promise<string | null> {
  return named === undefined ? readIfThere(BRONZE) : readSql('bronze', named)
}

/** What data begins with that was taken for SQL. */
const PARQUET = 'PAR1'

/** Reads the text that an option names, silver.sql if it names none. Throws UsageError where there is none. */
export async function readSql(option: string, file: string | URL = SQL): Promise<string> {
  const name = typeof file === 'string' ? file : fileURLToPath(file)
  const text = await readFile(typeof file === 'string' ? userPath(file) : file, 'utf8').catch(error => {
    if (error?.code === 'EISDIR') return PARQUET
    throw new UsageError(`can't read ${name}: check --${option}`)
  })
  if (!text.startsWith(PARQUET)) return text
  const wanted =
    option === 'bronze' ? 'that declares the two views, as bronze.sql does' : 'with one SELECT, as silver.sql is'
  throw new UsageError(
    `--${option} is for a file of SQL ${wanted}, and ${name} is not one: --lake, or --reviews and --customers, say where bronze lies`,
  )
}
