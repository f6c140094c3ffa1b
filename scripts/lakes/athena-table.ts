import { AthenaClient, GetWorkGroupCommand } from '@aws-sdk/client-athena'
import { GlueClient } from '@aws-sdk/client-glue'
import { connectAthena } from '../../functions/adapters/athena/athena.ts'
import { connectGlue } from '../../functions/adapters/athena/glue.ts'
import { UsageError } from '../../functions/base/refusal.ts'
import { AthenaCatalog } from '../../functions/readers/athena/athena-catalog.ts'
import type { SilverTable } from './lake.ts'
import { parseAthena } from './lake-record.ts'
import { answersOfAthena } from './stage/query-stage.ts'

/** A table in Athena. Whether the workgroup is there shows at once, not after a batch is committed. */
export async function athenaTable(text: string, root: string): Promise<SilverTable> {
  const { workgroup, database, table } = parseAthena(text)
  const athena = new AthenaClient({ maxAttempts: 5 })
  const name = { database, table }
  try {
    await athena.send(new GetWorkGroupCommand({ WorkGroup: workgroup }))
  } catch (error) {
    if (!(error instanceof Error && error.name === 'InvalidRequestException')) throw error
    throw new UsageError(`--athena: there is no workgroup ${workgroup} in ${await athena.config.region()}: check it`)
  }
  return {
    catalog: new AthenaCatalog({
      athena: connectAthena(athena, workgroup),
      glue: connectGlue(new GlueClient({ maxAttempts: 5 }), name),
      name,
      root,
    }),
    connect: null,
    ...answersOfAthena({ athena, workgroup, table: name }),
  }
}
