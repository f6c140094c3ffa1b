/** What is measured, with CloudWatch's units. Each is a custom metric, which CloudWatch charges for by the month. */
export const UNITS = {
  /** New bronze files that a plan found, their bytes, and how long the oldest has waited. */
  BacklogFiles: 'Count',
  BacklogBytes: 'Bytes',
  BacklogAge: 'Seconds',
  /** Bronze files that have changed since they were joined. */
  ChangedFiles: 'Count',
  /** Rows that wait for their customer, and how long the oldest has waited. */
  ParkedRows: 'Count',
  ParkedAge: 'Seconds',
  /** What a commit holds. */
  Files: 'Count',
  FilesQuarantined: 'Count',
  BytesRead: 'Bytes',
  BytesWritten: 'Bytes',
  RowsRead: 'Count',
  RowsFiltered: 'Count',
  RowsUnmatched: 'Count',
  RowsParked: 'Count',
  RowsWritten: 'Count',
  /** Of a query with rules: rows kept out of silver, and how often rows broke a rule, whatever its action. */
  RowsRejected: 'Count',
  RuleViolations: 'Count',
  /** From the start of a pass to its commit. */
  BatchSeconds: 'Seconds',
  /** From when a batch's oldest bronze file landed until every reader sees it. */
  VisibleAfter: 'Seconds',
  /** Batches in which a query counts more or fewer rows than their commit has. */
  CountMismatches: 'Count',
  /** Partitions that differed between catalog and log, and were repaired. */
  PartitionsRepaired: 'Count',
} as const

export type Metrics = Readonly<Partial<Record<keyof typeof UNITS, number>>>

/** Where metrics belong: CloudWatch's namespace, and the pipeline as their one dimension. */
export interface MetricScope {
  readonly namespace: string
  readonly pipeline: string
}

/**
 * Metrics as members of a log line, from which CloudWatch extracts them (embedded metric format,
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html).
 * `time` is in UTC milliseconds. Pure.
 */
export function embedMetrics(metrics: Metrics, scope: MetricScope, time: number): Readonly<Record<string, unknown>> {
  const names = Object.keys(metrics)
  if (names.length === 0) return {}
  const described = names.map(name => ({ Name: name, Unit: UNITS[name as keyof Metrics] })) // keys of Metrics
  return {
    _aws: {
      Timestamp: time,
      CloudWatchMetrics: [{ Namespace: scope.namespace, Dimensions: [['Pipeline']], Metrics: described }],
    },
    Pipeline: scope.pipeline,
    ...metrics,
  }
}
