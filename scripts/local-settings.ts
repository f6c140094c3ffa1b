import { readFile } from 'node:fs/promises'
import { UsageError, wholeNumber } from './command.ts'
import type { LocalRun } from './run-local.ts'

/** The options that say how a run on this machine works; deployed, they are parameters of serverless.yml. */
export const SETTINGS_OPTIONS = {
  sql: { type: 'string' },
  'reviews-view': { type: 'string', default: 'bronze_reviews' },
  'customers-view': { type: 'string', default: 'bronze_customers' },
  unmatched: { type: 'string', default: 'park' },
  'max-files': { type: 'string', default: '5000' },
  'max-bytes': { type: 'string', default: String(64 * 2 ** 30) },
  concurrency: { type: 'string', default: '5' },
  'ignore-spark-metadata': { type: 'boolean', default: false },
} as const

export const SETTINGS_USAGE =
  '[--sql FILE] [--reviews-view NAME] [--customers-view NAME] [--unmatched park|drop] [--max-files N] [--max-bytes N] ' +
  '[--concurrency N] [--ignore-spark-metadata]'

const SQL = new URL('../silver.sql', import.meta.url)

/** Reads these options. Throws UsageError, which names the one that is wrong. */
export function readSettings(
  values: Readonly<Record<Exclude<keyof typeof SETTINGS_OPTIONS, 'sql' | 'ignore-spark-metadata'>, string>> & {
    readonly sql?: string | undefined
    readonly 'ignore-spark-metadata': boolean
  },
): LocalRun['settings'] {
  const { unmatched } = values
  if (unmatched !== 'park' && unmatched !== 'drop') throw new UsageError('--unmatched must be park or drop')
  return {
    query: async () => ({
      sql: await readSql(values.sql),
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

async function readSql(file: string | undefined): Promise<string> {
  try {
    return await readFile(file ?? SQL, 'utf8')
  } catch {
    throw new UsageError(`can't read the query in ${file ?? 'silver.sql'}: check --sql`)
  }
}
