import process from 'node:process'
import { jsonLog, type Logger, quiet } from '../../base/logger.ts'
import { setting } from '../environment.ts'

/**
 * The deployment's log: on Lambda, or where LOG is `json`, lines on the standard output. They are written past `console`,
 * whose lines Lambda prefixes. Metrics need METRICS_NAMESPACE.
 */
export function deploymentLog(): Logger {
  const wanted = setting('LOG', process.env.AWS_LAMBDA_FUNCTION_NAME === undefined ? 'none' : 'json')
  if (wanted !== 'json') return quiet
  const namespace = setting('METRICS_NAMESPACE', '')
  const scope = namespace === '' ? undefined : { namespace, pipeline: setting('PIPELINE', 'silversmith') }
  return jsonLog(line => process.stdout.write(line), Date.now, scope)
}
