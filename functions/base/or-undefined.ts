/** A class of errors. */
type ErrorClass = abstract new (...args: never[]) => Error

/** What a promise gives; undefined where it fails with an error of one of these classes. Throws all others. */
export async function orUndefined<T>(work: Promise<T>, ...classes: readonly ErrorClass[]): Promise<T | undefined> {
  try {
    return await work
  } catch (error) {
    if (classes.some(each => error instanceof each)) return undefined
    throw error
  }
}
