import * as v from 'valibot'
import { InvalidInput } from './errors.ts'

/** The input, if it has the shape. Throws InvalidInput, which says where it does not, but never the value itself. */
export function parseShape<Schema extends v.GenericSchema>(
  schema: Schema,
  input: unknown,
  shape: string,
): v.InferOutput<Schema> {
  const parsed = v.safeParse(schema, input)
  if (parsed.success) return parsed.output
  const [issue] = parsed.issues
  const path = v.getDotPath(issue)
  const where = path === null ? 'it' : path.slice(0, 100)
  const wrong =
    issue.received === 'undefined' ? 'is missing' : `must be ${issue.expected ?? issue.type.replaceAll('_', ' ')}`
  throw new InvalidInput(`the input must be ${shape}: ${where} ${wrong}`)
}
