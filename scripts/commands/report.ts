import { writeFile } from 'node:fs/promises'
import { Refusal, UsageError } from '../../functions/base/refusal.ts'
import { isBatchId } from '../../functions/lake/ids.ts'
import { needCommit } from '../../functions/log/read.ts'
import { bringReport } from '../../functions/maintain/batch/bring-report.ts'
import { writerOf } from '../../functions/protocol/writers.ts'
import { readWholeLog } from '../../functions/readers/whole-log.ts'
import { userPath } from '../command-line/caller.ts'
import { defineCommand } from '../command-line/command.ts'
import { sameLake } from '../command-line/same-lake.ts'
import { ANY_LAKE_OPTIONS, openAnyLake } from '../lakes/open-lake.ts'
import { print } from '../terminal/print.ts'
import { replaceFile } from '../terminal/write-text.ts'

export default defineCommand(
  {
    purpose:
      'Brings the report of a batch, the newest without a BATCH_ID: a page for the browser with its rows, items, files and ' +
      'query. A run writes it beside its plan; if it is gone, it is made again from the log.',
    operand: { form: '[BATCH_ID]', noun: 'batch id', optional: true },
    options: {
      ...ANY_LAKE_OPTIONS,
      output: {
        type: 'string',
        value: 'FILE',
        help: 'the file to write; default: report-BATCH_ID.html in the current directory',
      },
    },
  },
  async (values, named) => {
    const where = sameLake(values)
    if (named !== '' && !isBatchId(named)) {
      throw new UsageError(
        `${named} is not a batch id such as 20261124T071500Z-3f9a12cd: npx silversmith history${where} lists them`,
      )
    }
    const lake = await openAnyLake(values)
    const { state } = (await readWholeLog(lake.store, lake.layout)).log
    const { batches } = state
    const [newest] = [...batches.values()].sort((a, b) => writerOf(b).version - writerOf(a).version)
    const batch = named === '' ? newest : state.batchOf(named)
    const commit = batch && (await needCommit(lake.store, lake.layout, batch.version))
    if (!commit || commit.operation === 'abandon') {
      throw new Refusal(
        named === ''
          ? 'the log is empty: no run has committed anything yet'
          : `the log has no batch ${named}: npx silversmith history${where} lists them`,
      )
    }
    const page = await bringReport(lake, commit)
    const file = values.output ?? `report-${commit.batch}.html`
    await replaceFile(userPath(file), draft => writeFile(draft, page))
    print(file)
  },
)
