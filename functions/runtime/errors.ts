/**
 * The errors that leave a worker. Each has a stable `name`, given as a literal because bundlers rename classes: Step
 * Functions matches `ErrorEquals` on it. The message says what, where and what to do.
 */
export abstract class SilversmithError extends Error {
  abstract override readonly name: string
}

/** The store did not answer, or answered 5xx, after all retries. The state machine tries the task again. */
export class StoreUnavailable extends SilversmithError {
  override readonly name = 'StoreUnavailable'
}

/** The store refused the credentials or a policy denies the call (S3's 403). */
export class AccessDenied extends SilversmithError {
  override readonly name = 'AccessDenied'
}

/** An object that must be there is not (S3's 404). */
export class ObjectMissing extends SilversmithError {
  override readonly name = 'ObjectMissing'
}

/** An object is no longer the version that was asked for (S3's 412 on a read). */
export class ObjectChanged extends SilversmithError {
  override readonly name = 'ObjectChanged'
}

/** A key that the store can't hold or that would leave the lake. */
export class InvalidKey extends SilversmithError {
  override readonly name = 'InvalidKey'
}

/** The execution's or worker's input does not fit its grammar. */
export class InvalidInput extends SilversmithError {
  override readonly name = 'InvalidInput'
}
