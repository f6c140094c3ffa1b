import type { Emulator } from './emulator.ts'
import type { Pipeline } from './pipeline.ts'

/** What a scenario works with. */
export interface World {
  readonly pipeline: Pipeline
  readonly emulator: Emulator
  /** Runs shell commands in the project's folder, as a person who has just deployed would. */
  readonly shell: (commands: string) => Promise<string>
}

/** One thing that the deployed pipeline must do. A text that `run` returns is shown. */
export interface Scenario {
  readonly name: string
  readonly run: (world: World) => Promise<unknown>
}
