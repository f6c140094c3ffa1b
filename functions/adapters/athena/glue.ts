import { DeletePartitionCommand, GetPartitionsCommand, type GlueClient } from '@aws-sdk/client-glue'
import { mapConcurrently } from '../../base/concurrently.ts'
import { AthenaFailed, AthenaUnavailable } from '../../base/errors.ts'
import type { GluePartitions } from '../../readers/athena/athena-catalog.ts'
import type { TableName } from '../../readers/athena/athena-ddl.ts'

/** Partitions that Glue lists in one call. */
const LISTED = 1000
/** Deletions at once. */
const CONCURRENCY = 5

/** A table's partitions by Glue's own calls, one after the other: 35,000 are listed in 35, some ten seconds. */
export function connectGlue(client: GlueClient, { database, table }: TableName): GluePartitions {
  const name = { DatabaseName: database, TableName: table }
  return {
    list: async () => {
      const partitions: { values: readonly string[]; location: string }[] = []
      let NextToken: string | undefined
      do {
        const more = NextToken === undefined ? {} : { NextToken }
        const command = new GetPartitionsCommand({ ...name, MaxResults: LISTED, ExcludeColumnSchema: true, ...more })
        const page = await answer(() => client.send(command))
        for (const { Values = [], StorageDescriptor } of page?.Partitions ?? [])
          partitions.push({ values: Values, location: StorageDescriptor?.Location ?? '' })
        NextToken = page?.NextToken
      } while (NextToken !== undefined)
      return partitions
    },
    drop: async values => {
      await mapConcurrently(values, CONCURRENCY, PartitionValues =>
        answer(() => client.send(new DeletePartitionCommand({ ...name, PartitionValues: [...PartitionValues] }))),
      )
    },
  }
}

/** What Glue refuses is final; throttling, 5xx and the network are not. Undefined where there is no such thing. */
async function answer<T>(call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await call()
  } catch (error) {
    const { name, message } = error instanceof Error ? error : new Error(String(error))
    if (name === 'EntityNotFoundException') return undefined
    if (name === 'AccessDeniedException' || name === 'InvalidInputException') {
      const what = `Glue refused a call (${name}: ${message}): check the role's policy, and Lake Formation's grants`
      throw new AthenaFailed(what, { cause: error })
    }
    throw new AthenaUnavailable(`Glue did not answer (${name})`, { cause: error })
  }
}
