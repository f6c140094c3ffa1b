import type { Story } from '../why/story.ts'

/** A step on a review's way from bronze to silver. */
export interface PathStep {
  readonly place: 'bronze' | 'filters' | 'customer' | 'batch' | 'silver'
  /** `here`: it has come so far and stopped. */
  readonly reached: 'passed' | 'here' | 'not yet'
  readonly text: string
}

/** One place of bronze where a review stands, and how far it has come from there. */
export interface ReviewPath {
  readonly steps: readonly PathStep[]
  readonly story: Story
  /** Whether it is in silver, waits, or will not come. */
  readonly end: 'in silver' | 'waits' | 'out'
  /** What would move it, where something would: a command without the options that name the lake. */
  readonly move: { readonly text: string; readonly command: string | null } | null
}

const PLACES = ['bronze', 'filters', 'customer', 'batch', 'silver'] as const

/** The way that a story tells of. */
export function pathOf(story: Story): ReviewPath {
  const said = new Map(story)
  const status = said.get('status') ?? ''
  const [stop, move] = stopOf(status)
  const end = stop === 'silver' ? 'in silver' : move === null ? 'out' : 'waits'
  const texts: Readonly<Record<PathStep['place'], string>> = {
    bronze: said.get('bronze') ?? '',
    filters: 'the conditions over the review alone',
    customer: said.get('customers') ?? 'its customer',
    batch: said.get('batch') ?? 'no batch has it yet',
    silver: 'a row of silver',
  }
  const at = PLACES.indexOf(stop)
  const steps = PLACES.map((place, i): PathStep => {
    if (i === at)
      return {
        place,
        reached: stop === 'silver' ? 'passed' : 'here',
        text: status.replace(/ \([^()]*\.parquet\)$/, ''),
      }
    return { place, reached: i < at ? 'passed' : 'not yet', text: texts[place] }
  })
  return { steps, story, end, move }
}

/** Where a review has stopped, by the words with which its story ends, and what would move it. */
function stopOf(status: string): readonly [PathStep['place'], ReviewPath['move']] {
  const next = status.replace(/^parked at first; then by batch \S+ /, '')
  if (/^in silver/.test(next)) return ['silver', null]
  if (/^not seen yet/.test(next)) return ['bronze', { text: 'the next run takes its file', command: 'run' }]
  if (/^quarantined/.test(next)) {
    return ['bronze', { text: 'repair or replace its file, or try it as it is', command: 'backfill --quarantined' }]
  }
  if (/^not taken/.test(next)) return ['bronze', { text: 'take its file as it is now', command: 'backfill --changed' }]
  if (/^parked/.test(next)) {
    return ['customer', { text: 'it is joined by the run after its customer has come', command: null }]
  }
  if (/no customer has its key|join key is NULL/.test(next)) return ['customer', null]
  if (/^filtered/.test(next)) return ['filters', null]
  if (/^rejected/.test(next)) {
    return ['batch', { text: 'change the rule, and write its batch again', command: 'backfill --reprocess --all' }]
  }
  return ['batch', null]
}
