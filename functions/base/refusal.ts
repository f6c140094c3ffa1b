/** A mistake in how a command was called, or in what it was given. The exit status is 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** What was asked for is right and can't be done. The exit status is 1. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
}
