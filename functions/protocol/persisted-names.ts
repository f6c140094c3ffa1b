/*
 * Some members are persisted under other names, which lakes keep forever. Each map gives the persisted name of a member by
 * its name in the code.
 */

export const COMMIT_NAMES = { excluded: 'leftOut', reclaimed: 'takenBack', superseded: 'outdated' } as const
export const RESULT_NAMES = { excluded: 'leaveOut', supersedes: 'outdates' } as const
export const PLAN_NAMES = {
  excluded: 'leaveOut',
  reclaimed: 'takenBack',
  superseded: 'outdated',
  supersedes: 'outdates',
} as const

type Names = Readonly<Record<string, string>>

/** An object under the persisted names of its members. */
export function toPersisted(value: object, names: Names): object {
  return renamed(value, names)
}

/** The T that toPersisted made this from. */
export function fromPersisted<T>(persisted: object, names: Names): T {
  return renamed(persisted, Object.fromEntries(Object.entries(names).map(([name, known]) => [known, name]))) as T // only toPersisted writes it
}

function renamed(value: object, names: Names): object {
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [names[name] ?? name, member]))
}
