import type { Expr } from '../../../functions/sql/expr.ts'
import type { ArgumentColumn } from './arguments.ts'
import { callNames, columnNames } from './calls.ts'

/** As many different arguments each function is compared on, if it can have as many. */
export const ENOUGH = 2000

const OPERATORS =
  /<=>|<=|>=|<>|!=|==|\|\||->|[-+*/%&|^~<>=!]|\b(?:and|or|not|in|like|ilike|rlike|div|between|case|when)\b/gi

/**
 * How many calls were compared, all together and of each function by Spark's name for it: where a call has the name, or the
 * compiled expression has. Equal arguments count once, whichever columns of one type have them. More than three columns
 * count as their first three.
 */
export class CallCounts {
  readonly #columns: ReadonlyMap<string, ArgumentColumn>
  readonly #ids: ReadonlyMap<string, readonly number[]>
  readonly #names: ReadonlySet<string>
  /** By function and the form of a call (its text with types for columns) the columns that stand in it. */
  readonly #forms = new Map<string, Map<string, string[][]>>()
  readonly #known = new Map<string, number>()
  readonly #rows: number
  #calls = 0

  constructor(columns: readonly ArgumentColumn[], names: readonly string[]) {
    this.#columns = new Map(columns.map(column => [column.name, column]))
    this.#ids = identities(columns)
    this.#names = new Set(names)
    this.#rows = columns[0]?.cells.length ?? 0
  }

  /** Counts a call over all rows. */
  add(sql: string, expr: Expr): void {
    this.#calls += this.#rows
    const read = columnNames(expr)
    const words = sql.match(/'[^']*'|\b[a-z]\w*/gi) ?? []
    const columns = [...new Set(words.filter(word => read.has(word)))]
    const form = sql.replace(/'[^']*'|\b[a-z]\w*/gi, word => this.#columns.get(word)?.typeText ?? word)
    for (const name of this.#named(sql, expr)) {
      const forms = this.#forms.get(name) ?? new Map<string, string[][]>()
      this.#forms.set(name, forms.set(form, [...(forms.get(form) ?? []), columns]))
    }
  }

  #named(sql: string, expr: Expr): Set<string> {
    const text = sql.replace(/'[^']*'/g, "''").toLowerCase()
    const called = text.match(/\b[a-z]\w*(?=\()/g) ?? []
    const names = [...called, ...(text.match(OPERATORS) ?? []), ...callNames(expr)]
    return new Set(names.filter(name => this.#names.has(name)))
  }

  /** On how many different arguments a function was compared. */
  of(name: string): number {
    return [...(this.#forms.get(name)?.values() ?? [])].reduce((sum, columns) => sum + this.#different(columns), 0)
  }

  #different(calls: readonly (readonly string[])[]): number {
    const key = calls.join(';')
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const tuples = new Set<number>()
    for (const columns of calls) {
      const ids = columns.slice(0, 3).map(name => this.#ids.get(name) ?? [])
      for (let row = 0; row < this.#rows; row++) tuples.add(ids.reduce((sum, of) => sum * 2 ** 17 + (of[row] ?? 0), 0))
    }
    this.#known.set(key, tuples.size)
    return tuples.size
  }

  /** The functions that were compared on fewer arguments than enough. */
  few(): string[] {
    return [...this.#names].filter(name => this.of(name) < ENOUGH).sort()
  }

  /** What is printed behind the tests. */
  summary(): string {
    const counts = [...this.#names].map(name => this.of(name)).sort((a, b) => a - b)
    const enough = counts.filter(count => count >= ENOUGH)
    const [least = 0, median = 0] = [enough[0], enough[enough.length >> 1]]
    const figures = [this.#calls, counts.length, least, median].map(count => count.toLocaleString('en'))
    const few = this.few().map(name => `${name} ${this.of(name)}`)
    return `${figures[0]} calls of ${figures[1]} functions and operators, each on at least ${figures[2]} different arguments (median ${figures[3]}) but for ${few.length} that have no more (${few.join(', ')}),`
  }
}

/** The values of each column as numbers, equal ones of one type as one. */
function identities(columns: readonly ArgumentColumn[]): Map<string, number[]> {
  const types = new Map<string, Map<string, number>>()
  return new Map(
    columns.map(({ name, typeText, cells }) => {
      const known = types.get(typeText) ?? new Map<string, number>()
      types.set(typeText, known)
      const ids = cells.map(cell => {
        const text = JSON.stringify(cell)
        const id = known.get(text) ?? known.size
        known.set(text, id)
        return id
      })
      return [name, ids]
    }),
  )
}
