import type { Syntax } from './syntax.ts'

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
