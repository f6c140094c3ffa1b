import { readFile } from 'node:fs/promises'
import { load } from 'js-yaml'
import { once } from '../../base/once.ts'

const DEFINITION = new URL('../../../statemachines/silver.asl.yml', import.meta.url)

/** A state machine as ASL has it. */
export interface MachineDefinition {
  readonly StartAt: string
  readonly States: Record<string, Record<string, unknown>>
}

/** Reads the state machine that is deployed. */
export async function readDefinition(): Promise<MachineDefinition> {
  return load(await readFile(DEFINITION, 'utf8')) as MachineDefinition // the file that is deployed
}

/** The same for the interpreter, which puts its own clock into Execution.StartTime. */
export const localDefinition = once(async (): Promise<MachineDefinition> => {
  const text = (await readFile(DEFINITION, 'utf8')).replaceAll('$$.Execution.StartTime', () => '$$.Start')
  return load(text) as MachineDefinition
})
