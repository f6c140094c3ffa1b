import { athenaCatalog } from './adapters/athena/athena.ts'
import { once, setting, token } from './adapters/environment.ts'
import { deploymentLog } from './adapters/lambda/deployment-log.ts'
import { lake } from './adapters/lambda/lake.ts'
import { type Worker, worker } from './adapters/lambda/worker.ts'
import { type Log, quiet } from './base/log.ts'
import { refreshPass } from './pipeline/refresh/refresh-pass.ts'
import { reportRefresh } from './pipeline/refresh/report.ts'
import { parseState, type RunState } from './protocol/state.ts'

/** Refresh: `{state}` → the state once Athena knows what is committed, or a slice of it. */
export function createWorker(dependencies: () => Parameters<typeof refreshPass>[1], log: Log = quiet): Worker {
  return worker<RunState>({
    name: 'refresh',
    token,
    run: async input => refreshPass(parseState(input, dependencies().layout), dependencies()),
    report: reportRefresh,
    log,
  })
}

const { fetch, handler } = createWorker(
  once(() => {
    const { bucket } = lake()
    // how the readers write the lake's root; s3a:// is Hadoop's and so most Spark jobs', s3:// is EMR's; empty for none
    const scheme = setting('SPARK_SCHEME', 's3a')
    const sparkUri = scheme === '' ? null : `${scheme}://${bucket}/`
    return { ...lake(), clock: Date.now, catalog: athenaCatalog(), sparkUri }
  }),
  deploymentLog(),
)
export default { fetch }
export { handler }
