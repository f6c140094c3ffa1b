import type { Bind, Call, Evaluate } from './calls/definition.ts'
import { definitionOf } from './calls/table.ts'
import { castTo } from './evaluate/cast.ts'
import type { Expr, Lambda, View } from './expr.ts'
import { decodeLiteral } from './literal.ts'
import { printType } from './type-text.ts'
import type { Value } from './types.ts'

export type { Evaluate } from './calls/definition.ts'

/** A column of one of the views. */
export interface ColumnRef {
  readonly view: View
  readonly name: string
}

/**
 * Turns an expression into a function of one row's values, which stand in the order of `columns` and are of the types
 * that the expression's column nodes carry; after them those of `variables`, inside of a lambda. Throws a RangeError if a
 * column is missing: the query was bound wrongly.
 */
export function evaluator(expr: Expr, columns: readonly ColumnRef[], variables: readonly string[] = []): Evaluate {
  switch (expr.op) {
    case 'column': {
      const slot = columns.findIndex(column => column.view === expr.view && column.name === expr.name)
      if (slot < 0) throw new RangeError(`no slot for column ${expr.view}.${expr.name}`)
      return values => values[slot] ?? null
    }
    case 'literal': {
      const value = decodeLiteral(expr)
      return () => value
    }
    case 'variable': {
      const slot = columns.length + variables.indexOf(expr.name)
      if (slot < columns.length) throw new RangeError(`no slot for ${expr.name}`)
      return values => values[slot] ?? null
    }
    case 'lambda':
      throw new RangeError('a lambda is an argument of a function that calls it')
    case 'call': {
      const args: Evaluate[] = []
      const lambdas: Bind[] = []
      for (const arg of expr.args) {
        if (arg.op === 'lambda') lambdas.push(binder(arg, columns, variables))
        else args.push(evaluator(arg, columns, variables))
      }
      if (expr.name === 'cast' || expr.name === 'try_cast') return cast(expr, args)
      const definition = definitionOf(expr.name)
      if (!definition) throw new RangeError(`no function ${expr.name}`)
      return definition.build(args, expr, lambdas)
    }
  }
}

function binder({ parameters, body }: Lambda, columns: readonly ColumnRef[], variables: readonly string[]): Bind {
  const evaluate = evaluator(body, columns, [...variables, ...parameters])
  const first = columns.length + variables.length
  return values => {
    const inner: Value[] = values.slice(0, first)
    return (...args) => {
      for (let i = 0; i < parameters.length; i++) inner[first + i] = args[i] ?? null
      return evaluate(inner)
    }
  }
}

function cast({ name, args: [value], type }: Call, [evaluate]: readonly Evaluate[]): Evaluate {
  const convert = value && castTo(value.type, type, name === 'try_cast')
  if (!evaluate || !convert)
    throw new RangeError(`no ${name} from ${value && printType(value.type)} to ${printType(type)}`)
  return values => {
    const before = evaluate(values)
    return before === null ? null : convert(before)
  }
}

/** The columns an expression reads, each once, in the order of their first use. */
export function columnsUsed(expr: Expr): ColumnRef[] {
  const found = new Map<string, ColumnRef>()
  const visit = (node: Expr): void => {
    if (node.op === 'column') found.set(`${node.view} ${node.name}`, { view: node.view, name: node.name })
    if (node.op === 'call') node.args.forEach(visit)
    if (node.op === 'lambda') visit(node.body)
  }
  visit(expr)
  return [...found.values()]
}
