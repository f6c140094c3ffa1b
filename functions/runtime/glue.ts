import { BatchDeletePartitionCommand, GetPartitionsCommand, type GlueClient } from '@aws-sdk/client-glue'
import type { GluePartitions } from '../publishing/athena-catalog.ts'
import type { TableName } from '../query/athena-ddl.ts'
import { mapConcurrently } from './concurrently.ts'
import { AthenaFailed, AthenaUnavailable } from './errors.ts'

/** Parts of the table that are listed side by side. Glue takes 10 at most. */
const SEGMENTS = 4
/** Partitions that Glue lists, and deletes, in one call. */
const LISTED = 1000
const DELETED = 25

/** A table's partitions by Glue's own calls: 35,000 are listed in 36 calls, some seconds. */
export function connectGlue(client: GlueClient, { database, table }: TableName): GluePartitions {
  const name = { DatabaseName: database, TableName: table }
  return {
    list: async () => {
      const segments = Array.from({ length: SEGMENTS }, (_, SegmentNumber) => SegmentNumber)
      const found = await mapConcurrently(segments, SEGMENTS, async SegmentNumber => {
        const partitions: { values: readonly string[]; location: string }[] = []
        const part = { SegmentNumber, TotalSegments: SEGMENTS }
        let NextToken: string | undefined
        do {
          const page = await answer(() =>
            client.send(
              new GetPartitionsCommand({
                ...{ ...name, MaxResults: LISTED, ExcludeColumnSchema: true, Segment: part },
                ...(NextToken !== undefined && { NextToken }),
              }),
            ),
          )
          for (const { Values = [], StorageDescriptor } of page?.Partitions ?? [])
            partitions.push({ values: Values, location: StorageDescriptor?.Location ?? '' })
          NextToken = page?.NextToken
        } while (NextToken !== undefined)
        return partitions
      })
      return found.flat()
    },
    drop: async values => {
      for (let at = 0; at < values.length; at += DELETED) {
        const PartitionsToDelete = values.slice(at, at + DELETED).map(each => ({ Values: [...each] }))
        const done = await answer(() => client.send(new BatchDeletePartitionCommand({ ...name, PartitionsToDelete })))
        const error = done?.Errors?.find(each => each.ErrorDetail?.ErrorCode !== 'EntityNotFoundException')
        if (error) throw new AthenaUnavailable(`Glue did not drop a partition (${error.ErrorDetail?.ErrorCode})`)
      }
    },
  }
}

/** What Glue refuses is final; throttling, 5xx and the network are not. Undefined where there is no such table. */
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
