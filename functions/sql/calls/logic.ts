import { comparison } from '../evaluate/compare.ts'
import type { SqlType, Value } from '../types.ts'
import { type Call, type Definition, type Evaluate, lazy, strictFor, withNulls } from './definition.ts'

/** Three-valued logic, comparisons and what chooses between values. */
export const LOGIC: readonly Definition[] = [
  lazy('and', 'boolean*', 'boolean', 'own', args => decided(args, false)),
  lazy('or', 'boolean*', 'boolean', 'own', args => decided(args, true)),
  strictFor('not', 'boolean', 'boolean', () => value => !value),
  compare('=', order => order === 0),
  compare('<', order => order < 0),
  compare('<=', order => order <= 0),
  compare('>', order => order > 0),
  compare('>=', order => order >= 0),
  lazy('<=> equal_null', 'any, any', 'boolean', 'never', ([left, right], call) => {
    const order = comparison(typeOf(call))
    return values => {
      const a = left?.(values) ?? null
      const b = right?.(values) ?? null
      return a === null || b === null ? a === b : order(a, b) === 0
    }
  }),
  lazy('in', 'any, any*', 'boolean', 'own', isIn),
  withNulls('isnull', 'any', 'boolean', 'never', value => value === null),
  withNulls('isnotnull', 'any', 'boolean', 'never', value => value !== null),
  lazy('coalesce nvl ifnull', 'any*', 'wider', 'all', args => values => {
    for (const arg of args) {
      const value = arg(values)
      if (value !== null) return value
    }
    return null
  }),
  lazy('if', 'boolean, any, any', 'wider of branches', 'own', branches),
  lazy('case', 'boolean, any*', 'wider of branches', 'own', branches),
  withNulls('isnan', 'float or double', 'boolean', 'never', Number.isNaN),
  withNulls('nanvl', 'float or double, float or double', 'float or double', 'own', (value, otherwise) =>
    Number.isNaN(value) ? otherwise : value,
  ),
  extreme('greatest', order => order > 0),
  extreme('least', order => order < 0),
]

function typeOf(call: Call): SqlType {
  return call.args[0]?.type ?? call.type
}

function compare(name: string, holds: (order: number) => boolean): Definition {
  return strictFor(name, 'any, any', 'boolean', call => {
    const type = typeOf(call)
    if (name === '=' && type === 'string') return (a, b) => a === b
    const order = comparison(type)
    return (a, b) => holds(order(a, b))
  })
}

/** AND (decided by false) and OR (decided by true): NULL if nothing decides and something is NULL. */
function decided(args: readonly Evaluate[], by: boolean): Evaluate {
  return values => {
    let result: boolean | null = !by
    for (const arg of args) {
      const value = arg(values)
      if (value === by) return by
      if (value === null) result = null
    }
    return result
  }
}

function isIn([value, ...list]: readonly Evaluate[], call: Call): Evaluate {
  const type = typeOf(call)
  const order = comparison(type)
  const constants = call.args.slice(1).every(arg => arg.op === 'literal')
  if (constants && type === 'string') return isInTexts(value, new Set(list.map(item => item([]))))
  return values => {
    const wanted = value?.(values) ?? null
    if (wanted === null) return null
    let result: boolean | null = false
    for (const item of list) {
      const candidate = item(values)
      if (candidate === null) result = null
      else if (order(wanted, candidate) === 0) return true
    }
    return result
  }
}

function isInTexts(value: Evaluate | undefined, texts: ReadonlySet<Value>): Evaluate {
  const otherwise = texts.has(null) ? null : false
  return values => {
    const wanted = value?.(values) ?? null
    if (wanted === null) return null
    return texts.has(wanted) ? true : otherwise
  }
}

/** `[when, then, when, then, …, otherwise]`. */
function branches(args: readonly Evaluate[]): Evaluate {
  const otherwise = args.at(-1)
  return values => {
    for (let i = 0; i + 1 < args.length; i += 2) {
      if (args[i]?.(values) === true) return args[i + 1]?.(values) ?? null
    }
    return otherwise?.(values) ?? null
  }
}

/** GREATEST and LEAST skip NULLs. */
function extreme(name: string, better: (order: number) => boolean): Definition {
  return lazy(name, 'any, any, any*', 'wider without text', 'all', (args, call) => {
    const order = comparison(call.type)
    return values => {
      let best: Value = null
      for (const arg of args) {
        const value = arg(values)
        if (value !== null && (best === null || better(order(value, best)))) best = value
      }
      return best
    }
  })
}
