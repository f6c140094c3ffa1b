import { encodeLiteral } from '../literal.ts'
import type { Syntax } from '../parse/syntax.ts'
import { valuesOfRow } from '../parse/walk.ts'
import { printType } from '../type-text.ts'
import { fieldOf, typeItem } from './access.ts'
import { currentFunction, typeCall } from './calls.ts'
import { accepted, type Context, fail, type TypePart } from './context.ts'
import { typeFunction } from './functions.ts'
import { TooLarge } from './make-call.ts'
import { movedNot, notIn } from './negated-queries.ts'
import { castOperand, NULL, type Operand } from './operand.ts'
import { typeComparison } from './operators.ts'

/** How many levels of the written expression are followed; more than the parser lets nest. */
const MAX_LEVELS = 600

/** Gives an expression its columns and types, with Spark's casts put in. Throws InvalidQuery. */
export function typeExpression(syntax: Syntax, context: Context, level = 0): Operand {
  try {
    if (level > MAX_LEVELS) throw new TooLarge()
    const operand = typeNode(syntax, context, (inner, within = context) => typeExpression(inner, within, level + 1))
    context.note?.(syntax, operand)
    return operand
  } catch (error) {
    if (!(error instanceof TooLarge)) throw error
    return fail(context, 'the expression grows too large when the names in it are written out; simplify it', syntax.at)
  }
}

function typeNode(syntax: Syntax, context: Context, type: TypePart): Operand {
  switch (syntax.kind) {
    case 'literal':
      return syntax.type === 'void' ? NULL : encodeLiteral(syntax.value, syntax.type)
    case 'name':
      return context.resolve(syntax.parts) ?? currentValue(syntax, context) ?? context.unknown(syntax.parts)
    case 'cast': {
      const value = type(syntax.value)
      return (
        castOperand(value, syntax.type, syntax.attempt ? 'try_cast' : 'cast') ??
        fail(
          context,
          `${printType(value.type)} can't be cast to ${printType(syntax.type)}${syntax.attempt ? ' by TRY_CAST' : ''}`,
          syntax.at,
        )
      )
    }
    case 'call': {
      const moved = movedNot(syntax)
      if (moved) return type(moved)
      const member = notIn(syntax)
      return member ? typePredicate(member, true, context, type) : typeCall(syntax, context, type)
    }
    case 'case':
      return typeCase(syntax, context, type)
    case 'index':
      return accepted(typeItem(type(syntax.base), type(syntax.index)), context, syntax.index.at)
    case 'field':
      return fieldOf(type(syntax.base), syntax.name, context)
    case 'named':
      return type(syntax.value)
    case 'lambda':
      return fail(
        context,
        'a lambda can only be an argument of a function such as TRANSFORM, FILTER or EXISTS',
        syntax.at,
      )
    case 'exists':
    case 'in query':
      return typePredicate(syntax, false, context, type)
    case 'scalar query':
      return (
        context.subquery?.(syntax.query) ??
        fail(
          context,
          'a subquery can stand in FROM, in EXISTS (…) and in IN (…) only; join the view instead',
          syntax.at,
        )
      )
  }
}

function typePredicate(
  syntax: Extract<Syntax, { kind: 'exists' | 'in query' }>,
  negated: boolean,
  context: Context,
  type: TypePart,
): Operand {
  if (!context.predicate)
    return fail(context, 'EXISTS and IN with a subquery can stand in WHERE and in the select list only', syntax.at)
  const members = syntax.kind === 'in query' ? valuesOfRow(syntax.value) : []
  return context.predicate({ syntax, values: members.map(member => type(member)), negated })
}

/** `current_timestamp` and `current_date` without parentheses are functions only where no column has that name. */
function currentValue({ parts, at }: Extract<Syntax, { kind: 'name' }>, context: Context): Operand | null {
  const [name, ...more] = parts
  if (!name || more.length > 0 || context.sql[at] === '`') return null
  return currentFunction(name.text, context)
}

function typeCase(syntax: Extract<Syntax, { kind: 'case' }>, context: Context, type: TypePart): Operand {
  const operand = syntax.operand && type(syntax.operand)
  const args: Operand[] = []
  for (const { when, result } of syntax.branches) {
    const condition = type(when)
    if (operand) {
      args.push(accepted(typeComparison('=', operand, condition), context, when.at))
    } else if (condition.op === 'null' && !condition.column) {
      return fail(context, 'the condition of WHEN is NULL, which never holds', when.at)
    } else {
      args.push(condition)
    }
    args.push(type(result))
  }
  args.push(syntax.otherwise ? type(syntax.otherwise) : NULL)
  const typed = typeFunction('case', args)
  if ('expr' in typed) return typed.expr
  const wrong = syntax.branches[Math.floor(typed.argument / 2)]
  return fail(context, typed.wrong, typed.argument >= 0 && wrong ? wrong.when.at : syntax.at)
}

/** The text of an expression, for messages and explanations, in one line. */
export function sourceText(syntax: { at: number; end: number }, sql: string): string {
  return sql.slice(syntax.at, syntax.end).replace(/\s+/g, ' ')
}
