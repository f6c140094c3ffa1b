import { GlueClient } from '@aws-sdk/client-glue'
import { Layout } from '../../functions/lake/layout.ts'
import { S3Store } from '../../functions/lake/s3-store.ts'
import { AthenaCatalog } from '../../functions/publishing/athena-catalog.ts'
import { connectAthena } from '../../functions/runtime/athena.ts'
import { connectGlue } from '../../functions/runtime/glue.ts'
import { connectS3 } from '../../functions/runtime/s3.ts'
import { connectExecutions } from '../../functions/runtime/step-functions.ts'
import type { StageLake } from '../open-lake.ts'
import { findStage } from './find-stage.ts'
import { answersOfAthena } from './query-stage.ts'

/** Opens the lake of a stage, with the credentials of whoever calls. Throws UsageError where there is no such stage. */
export async function openStage(name: string): Promise<StageLake> {
  const stage = await findStage(name)
  const layout = new Layout(stage.roots)
  const athena = connectAthena(stage.athena, stage.workgroup)
  const glue = new GlueClient({ maxAttempts: 5 })
  return {
    store: new S3Store(connectS3(), stage.bucket),
    layout,
    executions: connectExecutions(stage.sfn),
    catalog: new AthenaCatalog(
      athena,
      connectGlue(glue, stage.table),
      stage.table,
      `s3://${stage.bucket}/${layout.roots.silver}`,
    ),
    name: `stage ${name}`,
    uri: `s3://${stage.bucket}/`,
    ...answersOfAthena(stage),
    stage,
  }
}
