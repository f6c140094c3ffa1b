/** A mistake in how a command was called or in its input. The exit status is 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** The request is valid but can't be carried out. The exit status is 1. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
}
