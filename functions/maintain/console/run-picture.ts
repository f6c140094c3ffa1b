/** A run as far as it can be seen: what its states did, and how far its items are. Times are ISO 8601. */
export interface RunPicture {
  readonly execution: string | null
  /** `perhaps`: only its claim is known. */
  readonly status: 'running' | 'perhaps' | 'done' | 'failed' | 'none'
  /** The batch it makes, where there is one. */
  readonly batch: string | null
  readonly started: string | null
  /** By the names of the state machine, in the order in which they were entered. */
  readonly states: readonly PictureState[]
  readonly items: ItemCounts | null
  readonly rows: { readonly done: number; readonly total: number } | null
  readonly bytes: number | null
  /** Where its owner shows it, such as the console of AWS. */
  readonly href: string | null
}

export interface PictureState {
  readonly name: string
  readonly status: 'done' | 'running' | 'failed'
  readonly started: string | null
  readonly milliseconds: number | null
  /** What it did, in a few words. */
  readonly note: string
}

/** Where it is not known how many run, `running` is null. */
export interface ItemCounts {
  readonly total: number
  readonly done: number
  readonly failed: number
  readonly running: number | null
}

export const NO_RUN: RunPicture = {
  ...{ execution: null, status: 'none', batch: null, started: null, states: [] },
  ...{ items: null, rows: null, bytes: null, href: null },
}

/** Rows a second and the milliseconds that remain of a run, as far as its items show; null while they don't. */
export function paceOf(
  { rows, states }: RunPicture,
  now: number,
): { readonly rowsPerSecond: number; readonly left: number } | null {
  const joining = states.find(({ name }) => name === 'JoinFiles')
  if (!rows || rows.done === 0 || joining?.started == null) return null
  const milliseconds = joining.milliseconds ?? Math.max(1, now - Date.parse(joining.started))
  const rowsPerSecond = rows.done / (milliseconds / 1000)
  return { rowsPerSecond, left: (Math.max(0, rows.total - rows.done) / rowsPerSecond) * 1000 }
}
