import { nativeCodecs } from '../../functions/adapters/codecs.ts'
import { Refusal, UsageError } from '../../functions/base/refusal.ts'
import type { FoldedLog, Log } from '../../functions/log/fold.ts'
import { makeCodecs } from '../../functions/parquet/pages/codecs.ts'
import { addColumns } from '../../functions/readers/athena/athena-ddl.ts'
import { readWholeLog } from '../../functions/readers/whole-log.ts'
import { printType } from '../../functions/sql/type-text.ts'
import { defineCommand, factsJson, JSON_OPTION, wholeNumber } from '../command-line/command.ts'
import { sameLake } from '../command-line/same-lake.ts'
import type { LocalLake } from '../lakes/lake.ts'
import { ANY_LAKE_OPTIONS, openAnyLake } from '../lakes/open-lake.ts'
import type { StageLake } from '../lakes/stage/open-stage.ts'
import { readSettings, SETTINGS_OPTIONS, sameAgain, withQueryNamed } from '../local/local-settings.ts'
import { withScratch } from '../local/scratch.ts'
import { goneColumns } from '../summary/doubts.ts'
import { priceOf, usageOf } from '../summary/price.ts'
import { print } from '../terminal/print.ts'
import { type BatchDifference, compareBatches } from './diff/compare-batches.ts'
import { batchText, type DiffEnd, endText } from './diff/diff-text.ts'
import { workOfReplace } from './diff/replace-work.ts'

/** Batches that are compared where nothing is said of them. */
const NEWEST = '3'

export default defineCommand(
  {
    purpose:
      'Shows what would change in silver if batches were written again by silver.sql and the customers as they are now: ' +
      'rows changed, gone and added, columns, values before and after, and what it takes. Joins the bronze files of the ' +
      'batches as a run does, in a temporary directory, and writes nothing to the lake. For a stage it runs on this machine.',
    options: {
      ...ANY_LAKE_OPTIONS,
      batches: { type: 'string', value: 'N', help: `compare the newest N batches; default: ${NEWEST}` },
      all: { type: 'boolean', default: false, help: 'compare every batch' },
      batch: { type: 'string', multiple: true, value: 'ID', help: 'compare this batch' },
      key: {
        type: 'string',
        multiple: true,
        value: 'NAME',
        help: 'a column that identifies a row before and after; default: review_id, or the first that is unique',
      },
      sample: { type: 'string', default: '5', value: 'N', help: 'the most rows to show of each kind' },
      ...JSON_OPTION,
      ...SETTINGS_OPTIONS,
    },
  },
  async values => {
    const sample = wholeNumber('sample', values.sample)
    const lake = await openAnyLake(values)
    const { limits, ...settings } = await readSettings(values, lake.layout.roots)
    const { log } = await readWholeLog(lake.store, lake.layout)
    const batches = chooseBatches(log.state, values)
    const differences: BatchDifference[] = []
    await withQueryNamed(values, () =>
      withScratch(async scratch => {
        const codecs = makeCodecs(nativeCodecs, limits)
        const how = {
          ...settings,
          layout: lake.layout,
          codecs,
          time: Date.now(),
          batches,
          key: values.key,
          sample,
          scratch,
        }
        for await (const difference of compareBatches(lake, log, how)) {
          differences.push(difference)
          if (!values.json) print(batchText(difference))
        }
      }),
    )
    const where = 'stage' in lake ? sameLake(values) : sameAgain(values)
    const end = { ...(await endOf(lake, log, differences)), where, isStage: 'stage' in lake }
    print(values.json ? factsJson(factsOf(end)) : endText(end))
  },
)

/** The batches that the options mean, in the order in which they were begun. Throws UsageError, Refusal. */
function chooseBatches(
  log: FoldedLog,
  options: {
    readonly batches?: string | undefined
    readonly all: boolean
    readonly batch?: readonly string[] | undefined
  },
): string[] {
  const given = [options.batches !== undefined, options.all, options.batch !== undefined].filter(Boolean).length
  if (given > 1) throw new UsageError('--batches, --all and --batch each say what to compare: leave all but one out')
  const all = [...log.batches.values()].sort((a, b) => a.since - b.since).map(({ batch }) => batch)
  if (all.length === 0) throw new Refusal('the log has no batch yet, so there is nothing to compare')
  const { batch: named } = options
  const unknown = named?.find(id => !log.batchOf(id))
  if (unknown !== undefined) throw new UsageError(`--batch ${unknown}: the log has no such batch`)
  const holders = new Set(named?.map(id => log.holderOf(id)))
  if (named) return all.filter(id => holders.has(id))
  return options.all ? all : all.slice(-wholeNumber('batches', options.batches ?? NEWEST))
}

async function endOf(
  lake: LocalLake | StageLake,
  log: Log,
  differences: readonly BatchDifference[],
): Promise<Omit<DiffEnd, 'where' | 'isStage'>> {
  const compared = differences.flatMap(each => (each.refused === null ? [each] : []))
  const last = compared.at(-1)
  const known = new Set(log.state.schema.map(({ name }) => name.toLowerCase()))
  const added = (last?.schema ?? []).filter(({ name }) => !known.has(name.toLowerCase()))
  const table = 'stage' in lake ? lake.stage.table : { database: 'silver', table: 'reviews' }
  const memory = 'stage' in lake ? lake.stage.memory : { join: 1769, other: 1024 }
  const joined = compared.reduce((sum, { milliseconds }) => sum + milliseconds, 0)
  const some = await workOfReplace(log, new Set(compared.map(({ batch }) => batch)))
  const costOf = (work: typeof some) => ({
    work,
    usd: priceOf(usageOf(work, memory)),
    milliseconds: some.bytes === 0 ? 0 : (joined * work.bytes) / some.bytes,
  })
  const all =
    compared.length < log.state.batches.size ? [await workOfReplace(log, new Set(log.state.batches.keys()))] : []
  return {
    differences,
    added,
    gone: last ? goneColumns(log.state.schema, last.query) : [],
    ddl: addColumns(table, added),
    costs: [...(compared.length > 0 ? [some] : []), ...all].map(costOf),
  }
}

/** What `--json` tells. */
function factsOf({ differences, added, gone, ddl, costs }: DiffEnd) {
  const batches = differences.map(each => {
    if (each.refused !== null) return each
    const { batch, refused, rows, counts, waiting, milliseconds } = each
    return { batch, refused, rows, counts, waiting, milliseconds }
  })
  return { batches, added: added.map(({ name, type }) => ({ name, type: printType(type) })), gone, ddl, costs }
}
