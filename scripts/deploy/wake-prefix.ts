/** What is set about waking, and the prefixes of the lake. */
export interface WakeSettings {
  readonly wake: string
  readonly wakePrefix: string
  readonly environment: Readonly<Record<string, string>>
}

/** Why a stage can't be woken by objects under its wakePrefix; undefined where it can, or is not to be. */
export function wakePrefixFault({ wake, wakePrefix, environment }: WakeSettings): string | undefined {
  const { REVIEWS_PREFIX = '', CUSTOMERS_PREFIX = '', SILVER_PREFIX = '' } = environment
  if (wake !== 'on') return undefined
  if (SILVER_PREFIX.startsWith(wakePrefix) || wakePrefix.startsWith(SILVER_PREFIX)) {
    return `wakePrefix ${wakePrefix} and silverPrefix ${SILVER_PREFIX} overlap, so that the pipeline would wake itself: choose a wakePrefix that only bronze is under, or wake: off`
  }
  const outside = [REVIEWS_PREFIX, CUSTOMERS_PREFIX].find(prefix => !prefix.startsWith(wakePrefix))
  if (outside === undefined) return undefined
  return `${outside} is not under wakePrefix ${wakePrefix}, so that its files would not wake the pipeline: choose a wakePrefix that all of bronze is under, or wake: off`
}
