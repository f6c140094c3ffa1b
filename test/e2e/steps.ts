import { duration } from '../../scripts/text.ts'

/** One step of the run, as the closing table shows it. */
interface Step {
  readonly name: string
  readonly milliseconds: number
  readonly error: unknown
}

/** Runs steps one after another, each with its time, and goes on after one that failed. */
export class Steps {
  readonly #steps: Step[] = []
  readonly #started = performance.now()

  /** Runs a step. What it returns is shown beside its name, and given back; undefined if it failed. */
  async run<T>(name: string, step: () => Promise<T>): Promise<T | undefined> {
    const started = performance.now()
    try {
      const value = await step()
      this.#add({ name, milliseconds: performance.now() - started, error: undefined })
      if (typeof value === 'string') console.log(indent(value))
      return value
    } catch (error) {
      this.#add({ name, milliseconds: performance.now() - started, error })
      console.log(indent(error instanceof Error ? (error.stack ?? error.message) : String(error)))
      return undefined
    }
  }

  /** Runs a step that all others need. */
  async must<T>(name: string, step: () => Promise<T>): Promise<T> {
    const value = await this.run(name, step)
    if (value === undefined) throw new Error(`${name} failed`)
    return value
  }

  get failed(): number {
    return this.#steps.filter(({ error }) => error !== undefined).length
  }

  /** The plain line that any CI can read. */
  summary(): string {
    return `${this.#steps.length - this.failed} passed, ${this.failed} failed`
  }

  /** How long all of it took. */
  took(): string {
    return duration(performance.now() - this.#started)
  }

  #add(step: Step): void {
    this.#steps.push(step)
    console.log(
      `${step.error === undefined ? '✓' : '✗'} ${step.name.padEnd(72)} ${duration(step.milliseconds).padStart(10)}`,
    )
  }
}

function indent(text: string): string {
  return text.replaceAll(/^/gm, '    ')
}
