/** AWS list prices in us-east-1, in USD, without free tiers; written down on 2026-11-24 (docs/scale.md says from where). */
export const PRICES = {
  /** Lambda on arm64. */
  lambdaGbSecond: 0.0000133334,
  lambdaRequest: 0.2 / 1e6,
  /** A Step Functions state transition, Standard. */
  transition: 0.025 / 1e3,
  s3Get: 0.0004 / 1e3,
  s3Put: 0.005 / 1e3,
  s3GbMonth: 0.023,
  athenaTb: 5,
  sqsRequest: 0.4 / 1e6,
} as const

/** What something takes, in the units that AWS charges for. */
export interface Usage {
  readonly gbSeconds: number
  readonly invocations: number
  readonly transitions: number
  /** GET and HEAD. */
  readonly gets: number
  /** PUT, COPY, POST and LIST. */
  readonly puts: number
  /** Bytes that Athena scans, at least 10 MB a query. */
  readonly scanned: number
}

/** The price of it, in USD. */
export function priceOf(usage: Usage): number {
  return (
    usage.gbSeconds * PRICES.lambdaGbSecond +
    usage.invocations * PRICES.lambdaRequest +
    usage.transitions * PRICES.transition +
    usage.gets * PRICES.s3Get +
    usage.puts * PRICES.s3Put +
    (usage.scanned / 1e12) * PRICES.athenaTb
  )
}

/** What is to be joined, and how it falls into passes. */
export interface Workload {
  readonly files: number
  readonly bytes: number
  /** Files of 5 MiB and more, whose bodies S3 copies. */
  readonly large: number
  readonly items: number
  readonly passes: number
  /** Runs that find nothing to do. */
  readonly idle: number
  /** Keys that each pass lists. */
  readonly listed: number
}

/**
 * What a run takes. The requests of a pass, an item and a file were counted (npm run e2e prints them); the seconds are
 * measured ones of one processor, rounded up, with some for Lambda's start and Athena's answers. `memory` is in MB.
 */
export function usageOf(
  { files, bytes, large, items, passes, idle, listed }: Workload,
  memory: { readonly join: number; readonly other: number },
): Usage {
  const join = items * 0.5 + bytes / JOINED_PER_SECOND + files * 0.01
  const runs = passes + idle
  const other = passes * SECONDS_OF_PASS + idle * 1.5 + files * 0.005 + (runs * listed) / LISTED_PER_SECOND
  return {
    gbSeconds: (join * memory.join + other * memory.other) / 1024,
    invocations: passes * 4 + idle * 2 + items,
    // nine states from Plan to Done, five without work, and one more for the start; two for a child
    transitions: passes * 10 + idle * 6 + items * 2,
    // the commits since the log's last snapshot, ten on average, are read four times in a pass, three times without work
    gets: passes * 64 + idle * 42 + items * 5 + files * 2.2 + large * 2,
    puts: passes * 22 + idle * 10 + runs * Math.ceil(listed / 1000) + items * 2 + large * 4,
    scanned: passes * 10e6,
  }
}

/** Bytes of bronze that one processor joins in a second: rewritten, the slowest way. */
const JOINED_PER_SECOND = 30e6
/** Plan, LoadDimensions, Commit and Refresh of one pass; half of it is waiting for Athena. */
const SECONDS_OF_PASS = 12
/** Keys that Plan lists and compares with the log. */
const LISTED_PER_SECOND = 10_000
