import { UsageError } from '../../functions/base/refusal.ts'
import { printError } from '../terminal/print.ts'
import { oneOf, readAge } from './command.ts'

/** Reads `--fail-on`: conditions by name, some with an age after `=` (milliseconds; 0 if not given). */
export function readFailOn<Name extends string>(
  text: string | undefined,
  names: readonly Name[],
  withAge: readonly Name[] = [],
): ReadonlyMap<Name, number> {
  const conditions = (text ?? '').split(',').map(each => each.trim())
  if (text === undefined) return new Map()
  return new Map(
    conditions.map(condition => {
      const [given = '', age] = condition.split('=')
      const name = oneOf('fail-on', given, names)
      if (age !== undefined && !withAge.includes(name)) throw new UsageError(`--fail-on ${name} takes no age`)
      return [name, age === undefined ? 0 : readAge(`fail-on ${name}`, age)] as const
    }),
  )
}

/** Ends the command with exit status 1 where there are failures, each of which is a line on stderr. */
export function failOn(failures: readonly string[]): void {
  for (const failure of failures) printError(failure)
  if (failures.length > 0) process.exitCode = 1
}
