import {
  BatchCreatePartitionCommand,
  BatchUpdatePartitionCommand,
  type BatchUpdatePartitionFailureEntry,
  CreateTableCommand,
  DeletePartitionCommand,
  GetPartitionsCommand,
  GetTableCommand,
  type GlueClient,
  type PartitionError,
  type Table,
  type TableInput,
  UpdateTableCommand,
} from '@aws-sdk/client-glue'
import { mapConcurrently } from '../../base/concurrently.ts'
import { AthenaFailed, AthenaUnavailable } from '../../base/errors.ts'
import type { Glue } from '../../readers/athena/athena-catalog.ts'
import type { TableName } from '../../readers/athena/athena-ddl.ts'
import type { GluePartition, GlueTable } from '../../readers/athena/glue-table.ts'

/** Partitions that Glue lists in one call. */
const LISTED = 1000
/** Partitions that Glue makes or changes in one call. */
const BATCH = 100
/** Calls at once. */
const CONCURRENCY = 5

/** A table and its partitions by Glue's own calls. 35,000 partitions are listed in 35 calls, some ten seconds. */
export function connectGlue(client: GlueClient, { database, table }: TableName): Glue {
  const name = { DatabaseName: database, TableName: table }
  let read: Table | undefined
  return {
    table: async () => {
      read = (await answer(() => client.send(new GetTableCommand({ DatabaseName: database, Name: table }))))?.Table
      return read && { ...read, Name: read.Name ?? table }
    },
    createTable: async input => {
      const create = new CreateTableCommand({ DatabaseName: database, TableInput: tableInput(input) })
      await answer(() => client.send(create), ['AlreadyExistsException'])
    },
    updateTable: async input => {
      // refused where somebody has changed the table since it was read
      const VersionId = read?.VersionId
      const TableInput = { ...kept(read), ...tableInput(input) }
      const update = { DatabaseName: database, TableInput, SkipArchive: true, ...(VersionId && { VersionId }) }
      await answer(() => client.send(new UpdateTableCommand(update)))
    },
    list: async () => {
      const partitions: { values: readonly string[]; location: string }[] = []
      let NextToken: string | undefined
      do {
        const command = new GetPartitionsCommand({ ...name, MaxResults: LISTED, ExcludeColumnSchema: true, NextToken })
        const page = await answer(() => client.send(command))
        for (const { Values = [], StorageDescriptor } of page?.Partitions ?? [])
          partitions.push({ values: Values, location: StorageDescriptor?.Location ?? '' })
        NextToken = page?.NextToken
      } while (NextToken !== undefined)
      return partitions
    },
    create: partitions =>
      inBatches(partitions, async some => {
        const PartitionInputList = some.map(partitionInput)
        const made = await answer(() => client.send(new BatchCreatePartitionCommand({ ...name, PartitionInputList })))
        refuse(made?.Errors, 'AlreadyExistsException')
      }),
    update: partitions =>
      inBatches(partitions, async some => {
        const Entries = some.map(partition => ({
          PartitionValueList: [...partition.Values],
          PartitionInput: partitionInput(partition),
        }))
        const changed = await answer(() => client.send(new BatchUpdatePartitionCommand({ ...name, Entries })))
        refuse(changed?.Errors)
      }),
    drop: async values => {
      await mapConcurrently(values, CONCURRENCY, PartitionValues =>
        answer(() => client.send(new DeletePartitionCommand({ ...name, PartitionValues: [...PartitionValues] }))),
      )
    },
  }
}

/** What of a table that was read goes into its next version as it is. */
function kept(table: Table | undefined): Partial<TableInput> {
  const { Description, Owner, Retention, ViewOriginalText, ViewExpandedText } = table ?? { Name: '' }
  return { Description, Owner, Retention, ViewOriginalText, ViewExpandedText }
}

/** The SDK's types want arrays that can be changed. */
function tableInput({ Name, TableType, Parameters, PartitionKeys, StorageDescriptor }: GlueTable): TableInput {
  return structuredClone({ Name, TableType, Parameters, PartitionKeys, StorageDescriptor }) as TableInput
}

function partitionInput({ Values, StorageDescriptor }: GluePartition) {
  return structuredClone({ Values, StorageDescriptor }) as { Values: string[]; StorageDescriptor: object }
}

async function inBatches(
  partitions: readonly GluePartition[],
  work: (some: readonly GluePartition[]) => Promise<void>,
): Promise<void> {
  const batches = Array.from({ length: Math.ceil(partitions.length / BATCH) }, (_, i) =>
    partitions.slice(i * BATCH, (i + 1) * BATCH),
  )
  await mapConcurrently(batches, CONCURRENCY, work)
}

/** Throws for the first partition that could not be made or changed, but for an allowed reason. */
function refuse(errors: readonly (PartitionError & BatchUpdatePartitionFailureEntry)[] = [], allowed?: string): void {
  const error = errors.find(({ ErrorDetail }) => ErrorDetail?.ErrorCode !== allowed)
  if (!error) return
  const { ErrorCode = 'unknown error', ErrorMessage = '' } = error.ErrorDetail ?? {}
  const values = (error.PartitionValues ?? error.PartitionValueList ?? []).join('/')
  throw failure(ErrorCode, `${ErrorMessage} (partition ${values})`, error)
}

/** Undefined where there is no such thing, or what was to be made is there already. */
async function answer<T>(call: () => Promise<T>, ignored: readonly string[] = []): Promise<T | undefined> {
  try {
    return await call()
  } catch (error) {
    const { name, message } = error instanceof Error ? error : new Error(String(error))
    if (name === 'EntityNotFoundException' || ignored.includes(name)) return undefined
    throw failure(name, message, error)
  }
}

/** What Glue refuses is final; throttling, 5xx, changes by others and the network are not. */
function failure(name: string, message: string, cause: unknown): AthenaFailed | AthenaUnavailable {
  if (name === 'AccessDeniedException' || name === 'InvalidInputException') {
    const what = `Glue refused a call (${name}: ${message}): check the role's policy, and Lake Formation's grants`
    return new AthenaFailed(what, { cause })
  }
  return new AthenaUnavailable(`Glue did not answer (${name})`, { cause })
}
