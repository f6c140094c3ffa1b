import type { Story } from '../why/story.ts'

/** A step on a review's way from bronze to silver. */
export interface PathStep {
  readonly place: 'bronze' | 'filters' | 'customer' | 'batch' | 'silver'
  /** `here`: it has come this far and stopped. */
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

/** The path that a story describes. */
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
  const [, place = 'batch', text, command = null] = STOPS.find(([words]) => words.test(next)) ?? []
  return [place, text === undefined ? null : { text, command }]
}

const STOPS: readonly (readonly [words: RegExp, place: PathStep['place'], text?: string, command?: string])[] = [
  [/^in silver/, 'silver'],
  [/^not seen yet/, 'bronze', 'the next run takes its file', 'run'],
  [/^quarantined/, 'bronze', 'repair or replace its file, or try it as it is', 'backfill --quarantined'],
  [/^not taken/, 'bronze', 'take its file as it is now', 'backfill --changed'],
  [/^parked/, 'customer', 'it is joined by the run after its customer has come'],
  [/no customer has its key|join key is NULL/, 'customer'],
  [/^filtered/, 'filters'],
  [/^rejected/, 'batch', 'change the rule, and write its batch again', 'backfill --reprocess --all'],
]
