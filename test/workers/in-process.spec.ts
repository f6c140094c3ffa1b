import { nativeCodecs } from '../../functions/adapters/codecs.ts'
import { readQueryText } from '../../functions/adapters/lambda/query-text.ts'
import { S3Store } from '../../functions/adapters/s3/s3-store.ts'
import { createWorker as createCommit } from '../../functions/commit.ts'
import { createWorker as createJoin } from '../../functions/join.ts'
import { Layout } from '../../functions/lake/layout.ts'
import { createWorker as createLoadCustomers } from '../../functions/load-customers.ts'
import { makeCodecs } from '../../functions/parquet/pages/codecs.ts'
import { createWorker as createPlan } from '../../functions/plan.ts'
import { BUCKET, describeWorkers, TOKEN, type WorkerName } from './suite.ts'

describeWorkers('in this process', async s3 => {
  process.env.SILVERSMITH_TOKEN = TOKEN
  const lake = { store: new S3Store(s3.client(), BUCKET), layout: new Layout(), codecs: makeCodecs(nativeCodecs) }
  const workers = {
    plan: createPlan(() => ({
      ...lake,
      bucket: BUCKET,
      caps: { maxFilesPerBatch: 100, maxBytesPerBatch: 1e9 },
      executions: { isRunning: async () => false },
      ignoreSparkMetadata: false,
      maxConcurrency: 2,
      query: readQueryText,
      since: null,
      unmatched: 'park',
    })),
    'load-customers': createLoadCustomers(() => lake),
    join: createJoin(() => lake),
    commit: createCommit(() => ({ ...lake, clock: Date.now, random: () => 0 })),
  }
  return {
    fetch: (worker: WorkerName, request) => workers[worker].fetch(new Request('http://worker.test/', request)),
    stop: async () => {
      delete process.env.SILVERSMITH_TOKEN
    },
  }
})
