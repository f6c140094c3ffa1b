import { nativeCodecs } from '../../functions/adapters/codecs.ts'
import { readQueryText } from '../../functions/adapters/lambda/query-text.ts'
import { S3Store } from '../../functions/adapters/s3/s3-store.ts'
import { Layout } from '../../functions/lake/layout.ts'
import { makeCodecs } from '../../functions/parquet/pages/codecs.ts'
import { createCommit } from '../../functions/pipeline/commit/worker.ts'
import { createJoin } from '../../functions/pipeline/join/worker.ts'
import { createLoadDimensions } from '../../functions/pipeline/load/worker.ts'
import { createPlan } from '../../functions/pipeline/plan/worker.ts'
import { BUCKET, describeWorkers, TOKEN, type WorkerName } from './suite.ts'

describeWorkers('in this process', async s3 => {
  const options = { token: () => TOKEN }
  const lake = { store: new S3Store(s3.client(), BUCKET), layout: new Layout(), codecs: makeCodecs(nativeCodecs) }
  const workers = {
    plan: createPlan(
      () => ({
        ...lake,
        bucket: BUCKET,
        caps: { maxFilesPerBatch: 100, maxBytesPerBatch: 1e9 },
        executions: { isRunning: async () => false },
        ignoreSparkMetadata: false,
        maxConcurrency: 2,
        query: readQueryText,
        since: null,
        unmatched: 'park',
      }),
      options,
    ),
    'load-dimensions': createLoadDimensions(() => lake, options),
    join: createJoin(() => lake, options),
    commit: createCommit(() => ({ ...lake, clock: Date.now, random: () => 0 }), options),
  }
  return {
    fetch: (worker: WorkerName, request) => workers[worker].fetch(new Request('http://worker.test/', request)),
    stop: async () => undefined,
  }
})
