import { jsonTuple } from '../evaluate/json/json-tuple.ts'
import { isList, type Value } from '../types.ts'
import { type Definition, type Evaluate, lazy } from './definition.ts'

/**
 * What the rows of generators are made by (see Generator): lists of rows, each a list of its columns' values. An array of
 * structs and a map have that form already.
 */
export const GENERATORS: readonly Definition[] = [
  lazy('rows-of-array', 'any', 'same', 'own', args => rowsOf(args, element => [element])),
  lazy('numbered-rows', 'any', 'same', 'own', args => rowsOf(args, (element, at) => [at, element])),
  lazy('numbered-entries', 'any', 'same', 'own', args =>
    rowsOf(args, (entry, at) => [at, ...(isList(entry) ? entry : [])]),
  ),
  lazy('stacked-rows', 'int, any*', 'same', 'never', ([, ...args], { args: [count] }) => {
    const rows = count?.op === 'literal' ? Number(count.value) : 1
    const width = Math.ceil(args.length / rows)
    return values => {
      const cells = args.map(arg => arg(values))
      return Array.from({ length: rows }, (_, row) =>
        Array.from({ length: width }, (_, column) => cells[row * width + column] ?? null),
      )
    }
  }),
  lazy('tuple-rows', 'string, string*', 'same', 'never', args => values => {
    const [json = null, ...names] = args.map(arg => textOf(arg(values)))
    return [jsonTuple(json, names)]
  }),
]

function textOf(value: Value): string | null {
  return value === null ? null : String(value)
}

function rowsOf([list]: readonly Evaluate[], row: (element: Value, at: number) => Value[]): Evaluate {
  return values => {
    const value = list?.(values) ?? null
    return isList(value) ? value.map(row) : null
  }
}
