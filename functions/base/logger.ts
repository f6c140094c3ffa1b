import { isRetryable } from './errors.ts'
import { embedMetrics, type MetricScope, type Metrics } from './metrics.ts'
import { executionName } from './text.ts'

/** What a line says: keys, counts, ids and reasons, but never a value of a row. */
export type Fields = Readonly<Record<string, string | number | boolean | null | undefined>>

export type Level = 'info' | 'warn' | 'error'

/** Takes a worker's lines. */
export type Logger = (level: Level, fields: Fields, metrics?: Metrics) => void

/** What a worker reports about an invocation's output. */
export interface Report {
  readonly fields: Fields
  readonly metrics?: Metrics
  /** Things that someone should look at, one line each. */
  readonly warnings?: readonly Fields[]
}

/** Says nothing: for runs on one machine, which show their progress in other ways. */
export const quiet: Logger = () => undefined

/** Lines of JSON, with the metrics embedded if they have a scope. */
export function jsonLog(write: (line: string) => void, clock: () => number, scope: MetricScope | undefined): Logger {
  return (level, fields, metrics = {}) => {
    const now = clock()
    const embedded = scope ? embedMetrics(metrics, scope, now) : metrics
    write(`${JSON.stringify({ time: new Date(now).toISOString(), level, ...fields, ...embedded })}\n`)
  }
}

/** A worker's function that logs how each invocation ended. */
export function observed<Output>(
  worker: string,
  run: (input: unknown) => Promise<Output>,
  report: (output: Output, input: unknown) => Report,
  log: Logger,
): (input: unknown) => Promise<Output> {
  return async input => {
    const started = performance.now()
    const subject = { worker, ...subjectOf(input) }
    const took = () => ({ milliseconds: Math.round(performance.now() - started) })
    try {
      const output = await run(input)
      const { fields, metrics, warnings = [] } = report(output, input)
      for (const warning of warnings) log('warn', { ...subject, ...warning })
      log('info', { ...subject, message: 'done', ...took(), ...fields }, metrics)
      return output
    } catch (error) {
      const { name, message, stack } = error instanceof Error ? error : new Error(String(error))
      const metrics = name === 'CountMismatch' ? { CountMismatches: 1 } : {}
      log(isRetryable(error) ? 'warn' : 'error', { ...subject, message, error: name, stack, ...took() }, metrics)
      throw error
    }
  }
}

/** Which execution, batch, attempt and item an input is about, where it says so. */
export function subjectOf(input: unknown): Fields {
  if (!isObject(input)) return {}
  const { execution, query, item, state } = input
  const work = isObject(state) && isObject(state.work) ? state.work : {}
  const [batch = work.batch, attempt = work.attempt] = typeof query === 'string' ? query.split('/').slice(-3) : []
  return {
    ...(typeof execution === 'string' && { execution: executionName(execution) }),
    ...(typeof batch === 'string' && { batch }),
    ...(typeof attempt === 'string' && { attempt }),
    ...(isObject(item) && typeof item.item === 'number' && { item: item.item }),
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
