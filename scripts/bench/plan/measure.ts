import { S3Client } from '@aws-sdk/client-s3'
import { readQueryText } from '../../../functions/adapters/lambda/query-text.ts'
import { S3Store } from '../../../functions/adapters/s3/s3-store.ts'
import { createPlan } from '../../../functions/pipeline/plan/worker.ts'
import type { RunState } from '../../../functions/protocol/state.ts'
import { layout } from './simulated-lake.ts'

/* One invocation of Plan, in a process of its own: prints what it took as JSON. The argument is S3's address. */
const [endpoint = ''] = process.argv.slice(2)
const credentials = { accessKeyId: 'bench', secretAccessKey: 'bench' }
const client = new S3Client({ endpoint, region: 'us-east-1', forcePathStyle: true, credentials })
const { handler } = createPlan(() => ({
  store: new S3Store(client, 'lake'),
  layout,
  bucket: 'lake',
  caps: { maxFilesPerBatch: 5000, maxBytesPerBatch: 64 * 2 ** 30 },
  executions: { isRunning: async () => false },
  ignoreSparkMetadata: false,
  maxConcurrency: 5,
  query: readQueryText,
  since: null,
  unmatched: 'park',
}))
const idle = process.resourceUsage().maxRSS
const started = performance.now()
const state = (await handler({
  execution: 'bench',
  startTime: '2026-11-24T07:15:00.000Z',
  input: {},
  state: {},
})) as RunState
const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage()
console.log(
  JSON.stringify({
    files: state.work?.files,
    seconds: (performance.now() - started) / 1000,
    cpu: (userCPUTime + systemCPUTime) / 1e6,
    rss: maxRSS * 1024,
    idle: idle * 1024,
  }),
)
client.destroy()
