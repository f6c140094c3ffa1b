import type { CallSyntax, Syntax } from './syntax.ts'

/** Whether an expression is an operator, by its symbol or word. */
export function isOperator(syntax: Syntax, name: string): syntax is CallSyntax {
  return syntax.kind === 'call' && syntax.operator && syntax.name.text === name
}

/** The values of a row in parentheses; anything else is its own only value. */
export function valuesOfRow(syntax: Syntax): readonly Syntax[] {
  return isOperator(syntax, 'ROW') ? syntax.args : [syntax]
}

/** Whether an expression, or a part of it outside of subqueries, passes a test. */
export function someSyntax(syntax: Syntax, test: (part: Syntax) => boolean): boolean {
  return test(syntax) || partsOf(syntax).some(part => someSyntax(part, test))
}

function partsOf(syntax: Syntax): readonly Syntax[] {
  switch (syntax.kind) {
    case 'call':
      return syntax.args
    case 'cast':
    case 'in query':
      return [syntax.value]
    case 'case': {
      const branches = syntax.branches.flatMap(({ when, result }) => [when, result])
      return [syntax.operand, ...branches, syntax.otherwise].filter(part => part !== null)
    }
    case 'index':
      return [syntax.base, syntax.index]
    default:
      return []
  }
}
