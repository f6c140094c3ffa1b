/** The three roots of a lake, each with a slash at its end. */
export interface Roots {
  readonly reviews: string
  readonly customers: string
  readonly silver: string
}

export const DEFAULT_ROOTS: Roots = {
  reviews: 'bronze/reviews/',
  customers: 'bronze/customers/',
  silver: 'silver/reviews/',
}

/** One attempt at one batch. */
export interface AttemptIds {
  readonly batch: string
  readonly attempt: string
}

/** Where its silver files are. */
export interface AttemptPlace extends AttemptIds {
  readonly ingestDate: string
}

/** The keys of a lake. Names under `_silversmith/` are hidden from Athena, Hive and Spark, which skip `_`. */
export class Layout {
  readonly roots: Roots
  /** The root of everything that is not silver data. */
  readonly hidden: string
  readonly log: string
  readonly claim: string
  readonly published: string
  /** Put twice before the first commit, to see that the second put is refused. */
  readonly probe: string
  /** How far the log for Spark's readers by path has got: a hint. */
  readonly sparkMetadata: string
  /** The Delta log over the silver files. */
  readonly deltaLog: string
  /** Where the newest checkpoint of the Delta log is: a hint for its readers. */
  readonly deltaLastCheckpoint: string

  constructor(roots: Roots = DEFAULT_ROOTS) {
    this.roots = roots
    this.hidden = `${roots.silver}_silversmith/`
    this.log = `${this.hidden}log/`
    this.claim = `${this.hidden}claim.json`
    this.published = `${this.hidden}published.json`
    this.probe = `${this.hidden}runs/probe.json`
    this.sparkMetadata = `${this.hidden}spark-metadata.json`
    this.deltaLog = `${roots.silver}_delta_log/`
    this.deltaLastCheckpoint = `${this.deltaLog}_last_checkpoint`
  }

  commit(version: number): string {
    return `${this.log}${versionName(version)}.json`
  }

  /** The log folded up to and including a version. The name holds the SHA-256 of the content. */
  logSnapshot(version: number, sha256: string): string {
    return `${this.log}${versionName(version)}.snapshot.${sha256}.ndjson.gz`
  }

  deltaVersion(version: number): string {
    return `${this.deltaLog}${versionName(version)}.json`
  }

  deltaCheckpoint(version: number): string {
    return `${this.deltaLog}${versionName(version)}.checkpoint.parquet`
  }

  /** An attempt's directory below the silver root: the `location` of its partition. */
  location({ ingestDate, batch, attempt }: AttemptPlace): string {
    return `ingest_date=${ingestDate}/batch=${batch}/${attempt}/`
  }

  silverFile(place: AttemptPlace, item: number): string {
    return `${this.roots.silver}${this.location(place)}${partName(item)}`
  }

  plan({ batch, attempt }: AttemptIds): string {
    return `${this.hidden}runs/${batch}/${attempt}/plan.json`
  }

  query({ batch, attempt }: AttemptIds): string {
    return `${this.hidden}runs/${batch}/${attempt}/query.json`
  }

  /** What a committed attempt did, as a page for a browser: for people; no code reads it. */
  report({ batch, attempt }: AttemptIds): string {
    return `${this.hidden}runs/${batch}/${attempt}/report.html`
  }

  /** A parked file's name holds a random part: only the one that the item's silver file names counts. */
  parked({ batch, attempt }: AttemptPlace, item: number, random: string): string {
    return `${this.hidden}parked/${batch}/${attempt}/part-${pad(item, 5)}-${random}.parquet`
  }

  /** As with parked files, the name holds a random part. */
  rejected({ batch, attempt }: AttemptPlace, item: number, random: string): string {
    return `${this.hidden}rejected/${batch}/${attempt}/part-${pad(item, 5)}-${random}.parquet`
  }

  /** The snapshot of a dimension, the customers' or another's. Its name holds the hash of what it was made of. */
  snapshot(hash: string): string {
    return `${this.hidden}customers/${hash}.snapshot`
  }
}

/** An item's file within its attempt: `part-00000.parquet`. */
export function partName(item: number): string {
  return `part-${pad(item, 5)}.parquet`
}

/** The batch that wrote a parked file, by its key. Commits of other batches name the file too, if it goes on waiting. */
export function parkerOf(key: string): string {
  return key.split('/').at(-3) ?? ''
}

/** The version of a log entry's key, and whether it is a commit or a snapshot; undefined for anything else. */
export function parseLogKey(key: string): { version: number; snapshot: string | undefined } | undefined {
  const match = /\/(\d{20})\.(?:json|snapshot\.([0-9a-f]{64})\.ndjson\.gz)$/.exec(key)
  return match ? { version: Number(match[1]), snapshot: match[2] } : undefined
}

/** The version of an object of the Delta log, and its kind; undefined for anything else. */
export function parseDeltaKey(
  key: string,
): { readonly version: number; readonly kind: 'json' | 'checkpoint.parquet' } | undefined {
  const [, digits, kind] = /\/_delta_log\/(\d{20})\.(json|checkpoint\.parquet)$/.exec(key) ?? []
  return kind === 'json' || kind === 'checkpoint.parquet' ? { version: Number(digits), kind } : undefined
}

function versionName(version: number): string {
  return pad(version, 20)
}

function pad(number: number, digits: number): string {
  return String(number).padStart(digits, '0')
}
