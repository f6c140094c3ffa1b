import { GlueClient } from '@aws-sdk/client-glue'
import { connectAthena } from '../../../functions/adapters/athena/athena.ts'
import { connectGlue } from '../../../functions/adapters/athena/glue.ts'
import { connectS3 } from '../../../functions/adapters/s3/client.ts'
import { S3Store } from '../../../functions/adapters/s3/s3-store.ts'
import { connectExecutions } from '../../../functions/adapters/step-functions/executions.ts'
import { Layout } from '../../../functions/lake/layout.ts'
import { athenaCatalogOf } from '../../../functions/readers/athena/athena-catalog.ts'
import { answersBesideAthena } from '../answers.ts'
import type { OpenLake } from '../lake.ts'
import { findStage, type Stage } from './find-stage.ts'
import { answersOfAthena } from './query-stage.ts'

/** The lake of a deployed stage. */
export interface StageLake extends OpenLake {
  readonly stage: Stage
}

/** Opens the lake of a stage, with the credentials of whoever calls. Throws UsageError where there is no such stage. */
export async function openStage(name: string): Promise<StageLake> {
  const stage = await findStage(name)
  const layout = new Layout(stage.roots)
  const athena = connectAthena(stage.athena, stage.workgroup)
  const glue = new GlueClient({ maxAttempts: 5 })
  const lake = { store: new S3Store(connectS3(), stage.bucket), layout, uri: `s3://${stage.bucket}/` }
  return {
    ...lake,
    executions: connectExecutions(stage.sfn),
    catalog: athenaCatalogOf(stage.goesBy, {
      athena,
      glue: connectGlue(glue, stage.table),
      name: stage.table,
      root: lake.uri + layout.roots.silver,
    }),
    name: `stage ${name}`,
    ...answersBesideAthena(answersOfAthena(stage), { ...lake, root: null }),
    stage,
  }
}
