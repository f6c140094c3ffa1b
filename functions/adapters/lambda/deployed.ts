import process from 'node:process'
import { jsonLog, type Logger, quiet } from '../../base/logger.ts'
import { once } from '../../base/once.ts'
import type { Worker, WorkerOptions } from '../../base/worker.ts'
import { setting } from '../environment.ts'

/** A worker with the log and the token of the deployment. Its dependencies are made at the first call. */
export function deployed<const D>(
  create: (dependencies: () => D, options: WorkerOptions) => Worker,
  dependencies: () => D,
): Worker {
  return create(once(dependencies), { log: deploymentLog(), token: () => process.env.SILVERSMITH_TOKEN })
}

/**
 * On Lambda, or where LOG is `json`, lines on the standard output. They are written past `console`, whose lines Lambda
 * prefixes. Metrics need METRICS_NAMESPACE.
 */
function deploymentLog(): Logger {
  const wanted = setting('LOG', process.env.AWS_LAMBDA_FUNCTION_NAME === undefined ? 'none' : 'json')
  if (wanted !== 'json') return quiet
  const namespace = setting('METRICS_NAMESPACE', '')
  const scope = namespace === '' ? undefined : { namespace, pipeline: setting('PIPELINE', 'silversmith') }
  return jsonLog(line => process.stdout.write(line), Date.now, scope)
}
