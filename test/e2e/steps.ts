import { duration } from '../../functions/base/text.ts'

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

  /** Runs a step; a text that it returns is shown below its name. Says whether it went well. */
  async run(name: string, step: () => Promise<unknown>): Promise<boolean> {
    try {
      await this.must(name, step)
      return true
    } catch {
      return false
    }
  }

  /** Runs a step that all others need, and gives back what it returns. Throws what it throws. */
  async must<T>(name: string, step: () => Promise<T>): Promise<T> {
    const started = performance.now()
    try {
      const value = await step()
      this.#add({ name, milliseconds: performance.now() - started, error: undefined })
      if (typeof value === 'string' && value !== '') console.log(indent(value.trim()))
      return value
    } catch (error) {
      this.#add({ name, milliseconds: performance.now() - started, error })
      console.log(indent(error instanceof Error ? (error.stack ?? error.message) : String(error)))
      throw error
    }
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
