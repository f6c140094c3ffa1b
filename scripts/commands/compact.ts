import { codecs } from '../../functions/adapters/codecs.ts'
import { InvalidInput } from '../../functions/base/errors.ts'
import { Refusal, UsageError } from '../../functions/base/refusal.ts'
import { bytes, many } from '../../functions/base/text.ts'
import { type Compacted, compactLake } from '../../functions/maintain/compact/compact.ts'
import { swapsBatches } from '../../functions/readers/athena/catalog.ts'
import { defineCommand, factsJson, JSON_OPTION, readTime, wholeNumber } from '../command-line/command.ts'
import { ANY_LAKE_OPTIONS, openAnyLake } from '../lakes/open-lake.ts'
import { print } from '../terminal/print.ts'
import { table } from '../terminal/table.ts'

const MIB = 1 << 20

export default defineCommand(
  {
    purpose:
      'Packs the many small silver files of past days into a few large ones, with the same rows: the batches of a day that one ' +
      'query made become one. Readers see the swap in one moment, when the next run publishes it. Where Athena goes by its ' +
      "partitions (athenaTable: partitions), only a batch's own files are packed: Athena has a partition for each batch, and " +
      "can't swap several at once.",
    options: {
      ...ANY_LAKE_OPTIONS,
      before: {
        type: 'string',
        value: 'TIME',
        help: 'only batches whose rows were committed before, in ISO 8601 (the default: 7 days before the newest rows), and on a day that is over',
      },
      'target-mb': {
        type: 'string',
        default: '256',
        value: 'N',
        help: 'pack files up to this size in MiB',
      },
      sort: { type: 'string', value: 'COLUMN', help: 'sort the rows of each new file by a column of silver' },
      'dry-run': { type: 'boolean', default: false, help: 'only show what would be packed' },
      ...JSON_OPTION,
    },
  },
  async values => {
    const before = values.before === undefined ? undefined : readTime('before', values.before)
    const targetBytes = wholeNumber('target-mb', values['target-mb']) * MIB
    const { store, layout, catalog } = await openAnyLake(values)
    const merge = swapsBatches(catalog)
    const dryRun = values['dry-run']
    const clock = () => Date.now()
    const { sort } = values
    const options = { store, layout, codecs: codecs(), clock, targetBytes, before, merge, sort, dryRun }
    const batches = await compactLake(options).catch(error => {
      if (error instanceof InvalidInput) throw new UsageError(`--sort ${sort}: ${error.message}`, { cause: error })
      throw error
    })
    if (values.json) print(factsJson({ dryRun, merge, batches }))
    else show(batches, { dryRun, merge })
    const refused = batches.filter(({ outcome }) => outcome === 'refused')
    if (refused.length > 0) throw new Refusal(`${many(refused.length, 'batch')} can't be packed: ${refused[0]?.reason}`)
  },
)

const NOT_MERGED =
  "batches are not merged: Athena goes by its partitions, and can't swap several at once; with athenaTable: delta it goes " +
  'by the Delta log, which can'

function show(
  batches: readonly Compacted[],
  { dryRun, merge }: { readonly dryRun: boolean; readonly merge: boolean },
): void {
  if (!merge) print(NOT_MERGED)
  if (batches.length === 0) {
    print('nothing to pack')
    return
  }
  const rows = batches.map(({ batch, absorbs, outcome, files, bytes: size, rows, reason }) => [
    ...[
      batch,
      absorbs.length + 1,
      outcome,
      files.before,
      files.after,
      bytes(size.before),
      size.after === null ? null : bytes(size.after),
    ],
    ...[rows, reason],
  ])
  print(table(['batch', 'batches', 'outcome', 'files', 'packed', 'size', 'packed size', 'rows', 'reason'], rows))
  const packed = batches.filter(({ outcome }) => outcome === 'packed')
  const [from, to] = (['before', 'after'] as const).map(when => packed.reduce((sum, { files }) => sum + files[when], 0))
  const count = packed.reduce((sum, { absorbs }) => sum + absorbs.length + 1, 0)
  const done =
    `${many(count, 'batch')} packed${count > packed.length ? ` into ${packed.length}` : ''}: ` +
    `${many(from ?? 0, 'file')} into ${to ?? 0}; the next run publishes them`
  print(dryRun ? 'dry run: nothing was written' : done)
}
