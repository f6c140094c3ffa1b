/** Why one file of an item can't be joined; the caller goes on without the file and records the reason. */
export abstract class FileFault extends Error {
  abstract override readonly name: string
  readonly key: string
  readonly reason: string

  constructor(key: string, reason: string, options?: ErrorOptions) {
    super(`${key}: ${reason}`, options)
    this.key = key
    this.reason = reason
  }
}

/** The file's rows can't be had: it is quarantined. */
export class UnreadableFile extends FileFault {
  override readonly name = 'UnreadableFile'
}

/** The worker died of the file, or of another of its item: it is quarantined if it was alone, else tried alone. */
export class DeadlyFile extends FileFault {
  override readonly name = 'DeadlyFile'
  readonly alone: boolean

  constructor(key: string, reason: string, alone: boolean) {
    super(key, reason)
    this.alone = alone
  }
}

/** The file is gone or another version since it was planned: it is left to a later run. */
export class SourceGone extends FileFault {
  override readonly name = 'SourceGone'
}
