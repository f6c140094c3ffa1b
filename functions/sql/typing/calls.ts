import { encodeLiteral } from '../literal.ts'
import { Cursor } from '../parse/cursor.ts'
import type { CallSyntax } from '../parse/syntax.ts'
import { readType } from '../parse/types.ts'
import { printType } from '../type-text.ts'
import type { SqlType } from '../types.ts'
import { isNumber } from './common-type.ts'
import { accepted, type Context, fail, type TypePart } from './context.ts'
import { typeZip, withNames } from './field-names.ts'
import { countText, typeFunction } from './functions.ts'
import { failGathering, isGathering } from './gathering.ts'
import { failGenerator, generatorCall } from './generators.ts'
import { typeShift } from './intervals.ts'
import { typeHigher } from './lambdas.ts'
import { makeCall } from './make-call.ts'
import { castOperand, NULL, type Operand } from './operand.ts'
import { type Typed, typeArithmetic, typeBitwise, typeComparison, typeIn, typeSign } from './operators.ts'
import { REWRITTEN } from './rewritten.ts'
import { typeSequence } from './sequence.ts'

/** Types a call: an operator by its symbol, a function by its name. */
export function typeCall(syntax: CallSyntax, context: Context, type: TypePart): Operand {
  const special = typeShift(syntax, context, type) ?? context.gather?.(syntax, context.note)
  if (special) return special
  if (generatorCall(syntax)) return failGenerator(syntax, context)
  if (isGathering(syntax)) return failGathering(syntax, context)
  const sequence = typeSequence(syntax, context, type)
  if (sequence) return sequence
  const higher = typeHigher(syntax, context, type)
  if (higher) return higher
  const args = syntax.args.map(arg => type(arg))
  return syntax.operator ? typeOperator(syntax, args, context) : typeNamed(syntax, args, context)
}

/** Operators that are another one in the compiled query. */
const SYNONYMS: Readonly<Record<string, string>> = { '==': '=', '!=': '<>', DIV: 'div' }

/** `struct(a, b)` and `(a, b)`: fields without a name are col1, col2 … */
function typeStruct(syntax: CallSyntax, args: readonly Operand[], context: Context): Operand {
  const named = withNames(syntax.args, args, i => `col${i + 1}`)
  return typeTable(syntax, 'named_struct', named, context, 'struct')
}

function typeOperator(syntax: CallSyntax, args: readonly Operand[], context: Context): Operand {
  const symbol = SYNONYMS[syntax.name.text] ?? syntax.name.text
  const [a = NULL, b = NULL, c = NULL] = args
  const accept = (typed: Typed) => accepted(typed, context, syntax.name.at)
  switch (symbol) {
    case 'negative':
    case 'positive':
      return accept(typeSign(symbol, a))
    case 'BETWEEN':
      return typeTable(syntax, 'and', [accept(typeComparison('>=', a, b)), accept(typeComparison('<=', a, c))], context)
    case 'IN':
      return accept(typeIn(args))
    case 'ROW':
      return typeStruct(syntax, args, context)
    case 'INTERVAL':
      return fail(context, 'an INTERVAL can only be added to a date or timestamp, or subtracted from one', syntax.at)
    case 'IS NULL':
      return typeTable(syntax, 'isnull', args, context)
    case 'ILIKE':
      return typeIlike(syntax, args, context)
    case '||':
      return typeTable(syntax, 'concat', args, context)
    default:
      if (/^[<>=]/.test(symbol)) return accept(typeComparison(symbol, a, b))
      if (/^[&|^]$/.test(symbol)) return accept(typeBitwise(symbol, a, b))
      return /^([-+*/%]|div)$/.test(symbol)
        ? accept(typeArithmetic(symbol, a, b))
        : typeTable(syntax, symbol.toLowerCase(), args, context)
  }
}

/** Both sides in lower case: `ILIKE` and `ilike(text, pattern)`. */
function typeIlike(syntax: CallSyntax, [a, b, ...mark]: readonly Operand[], context: Context): Operand {
  const both = [a, b].flatMap(operand => (operand ? [lower(operand)] : []))
  return typeTable(syntax, 'like', [...both, ...mark], context)
}

function lower(operand: Operand): Operand {
  const text = castOperand(operand, 'string')
  return text ? makeCall('lower', [text], 'string') : operand
}

function typeNamed(syntax: CallSyntax, args: readonly Operand[], context: Context): Operand {
  const name = syntax.name.text.toLowerCase()
  const current = args.length === 0 ? currentFunction(name, context) : null
  const cast = current ?? castFunction(name, args)
  if (cast) return cast
  const rewrite = Object.hasOwn(REWRITTEN, name) ? REWRITTEN[name] : undefined
  if (rewrite) {
    const [least, most] = rewrite.takes
    if (args.length < least || args.length > most)
      fail(context, `${name.toUpperCase()} takes ${countText(least, most)}, not ${args.length}`, syntax.at)
    return rewrite.type({
      args,
      now: context.now,
      table: (other, operands) => typeTable(syntax, other, operands, context),
      accept: typed => accepted(typed, context, syntax.at),
      fail: message => fail(context, message, syntax.at),
    })
  }
  if (TO_TIMESTAMP.test(name)) {
    if (args[0] && isNumber(args[0].type))
      fail(context, `TO_TIMESTAMP with a pattern reads text, not ${printType(args[0].type)}; cast it`, syntax.at)
    return typeTable(syntax, 'to_timestamp', args, context)
  }
  switch (name) {
    case 'struct':
      return typeStruct(syntax, args, context)
    case 'arrays_zip': {
      const typed = typeZip(withNames(syntax.args, args, String))
      return 'expr' in typed ? typed.expr : fail(context, `ARRAYS_ZIP: ${typed.wrong}`, syntax.at)
    }
    case 'and':
    case 'or':
    case 'not':
    case 'case':
    case 'in':
      return fail(context, `${name.toUpperCase()} is not a function; write it as an operator`, syntax.at)
    default:
      return typeTable(syntax, name, args, context)
  }
}

/** The value that Plan pinned for the run: the same in every worker and every retry. */
export function currentFunction(name: string, { now }: Context): Operand | null {
  const timestamp = encodeLiteral(now, 'timestamp')
  if (/^(current_timestamp|now|localtimestamp)$/i.test(name)) return timestamp
  return /^(current_date|curdate)$/i.test(name) ? castOperand(timestamp, 'date') : null
}

function typeTable(
  syntax: CallSyntax,
  name: string,
  args: readonly Operand[],
  context: Context,
  written = name,
): Operand {
  const isOfArrays =
    /^(concat|reverse)$/.test(name) && args.some(({ type }) => typeof type === 'object' && type.kind === 'array')
  const typed = typeFunction(isOfArrays ? `array-${name}` : name, args, written)
  if ('expr' in typed) return typed.expr
  return fail(context, typed.wrong, (syntax.args[typed.argument] ?? syntax.name).at)
}

const TO_TIMESTAMP = /^(?:try_)?to_timestamp$|^to_timestamp_ltz$/

const CASTS = /^(boolean|tinyint|smallint|int|bigint|float|double|decimal|date|timestamp|binary|string)$/

/**
 * `int(x)`, `date(x)` …, and TO_DATE and TO_TIMESTAMP without a pattern: casts. With a pattern, what is a time already
 * is cast.
 */
function castFunction(name: string, [value, ...more]: readonly Operand[]): Operand | null {
  if (!value) return null
  const isTime = value.type === 'date' || value.type === 'timestamp'
  const target = name === 'to_date' ? 'date' : TO_TIMESTAMP.test(name) ? 'timestamp' : null
  if (target && isTime) return castOperand(value, target)
  if (target && more.length === 0) return castTime(value, target)
  return CASTS.test(name) && more.length === 0 ? castOperand(value, typeNamedBy(name)) : null
}

/** TO_DATE takes everything but times as text, TO_TIMESTAMP all but numbers too, which are seconds. */
function castTime(value: Operand, target: 'date' | 'timestamp'): Operand | null {
  const asIs = value.type === 'void' || value.type === 'string' || (target === 'timestamp' && isNumber(value.type))
  const text = asIs ? value : castOperand(value, 'string')
  return text && castOperand(text, target)
}

function typeNamedBy(name: string): SqlType {
  return readType(new Cursor(name))
}
