import { readFile } from 'node:fs/promises'
import { readIfThere } from '../functions/runtime/query-text.ts'
import { UsageError, wholeNumber } from './command.ts'
import type { LocalRun } from './run-local.ts'

/** The options that say how a run on this machine works; deployed, they are parameters of serverless.yml. */
export const SETTINGS_OPTIONS = {
  sql: { type: 'string' },
  bronze: { type: 'string' },
  'reviews-view': { type: 'string', default: 'bronze_reviews' },
  'customers-view': { type: 'string', default: 'bronze_customers' },
  unmatched: { type: 'string', default: 'park' },
  'max-files': { type: 'string', default: '5000' },
  'max-bytes': { type: 'string', default: String(64 * 2 ** 30) },
  concurrency: { type: 'string', default: '5' },
  'ignore-spark-metadata': { type: 'boolean', default: false },
} as const

export const SETTINGS_USAGE =
  '[--sql FILE] [--bronze FILE] [--reviews-view NAME] [--customers-view NAME] [--unmatched park|drop] [--max-files N] [--max-bytes N] ' +
  '[--concurrency N] [--ignore-spark-metadata]'

const SQL = new URL('../silver.sql', import.meta.url)
const BRONZE = new URL('../bronze.sql', import.meta.url)

/** Reads these options. Throws UsageError, which names the one that is wrong. */
export function readSettings(
  values: Readonly<
    Record<Exclude<keyof typeof SETTINGS_OPTIONS, 'sql' | 'bronze' | 'ignore-spark-metadata'>, string>
  > & {
    readonly sql?: string | undefined
    readonly bronze?: string | undefined
    readonly 'ignore-spark-metadata': boolean
  },
): LocalRun['settings'] {
  const { unmatched } = values
  if (unmatched !== 'park' && unmatched !== 'drop') throw new UsageError('--unmatched must be park or drop')
  return {
    query: async () => ({
      sql: await readSql('sql', values.sql ?? SQL),
      // the project's own bronze.sql belongs to its own silver.sql
      declarations: values.bronze === undefined && values.sql !== undefined ? null : await readBronze(values.bronze),
      reviewsView: values['reviews-view'],
      customersView: values['customers-view'],
    }),
    caps: {
      maxFilesPerBatch: wholeNumber('max-files', values['max-files']),
      maxBytesPerBatch: wholeNumber('max-bytes', values['max-bytes']),
    },
    maxConcurrency: wholeNumber('concurrency', values.concurrency),
    unmatched,
    ignoreSparkMetadata: values['ignore-spark-metadata'],
  }
}

async function readBronze(named: string | undefined): Promise<string | null> {
  return named === undefined ? readIfThere(BRONZE) : readSql('bronze', named)
}

async function readSql(option: string, file: string | URL): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch {
    throw new UsageError(`can't read the query in ${file}: check --${option}`)
  }
}
