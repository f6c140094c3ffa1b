import { SilversmithError } from '../base/errors.ts'

/** Where the SQL came from, for messages. */
export type SqlSource = 'silver.sql' | 'bronze.sql'

/** The SQL can't be compiled. `line` and `column` count from 1, columns in characters. The message says what to do. */
export class InvalidQuery extends SilversmithError {
  override readonly name = 'InvalidQuery'
  readonly line: number
  readonly column: number
  constructor(message: string, sql: string, at: number, source: SqlSource = 'silver.sql') {
    const { line, column } = position(sql, at)
    super(`${source} line ${line}, column ${column}: ${message}`)
    this.line = line
    this.column = column
  }
}

/** The line and column of a UTF-16 offset. A line ends with LF, CR LF or CR. */
export function position(sql: string, at: number): { line: number; column: number } {
  const lines = sql.slice(0, at).split(/\r\n|\n|\r/)
  return { line: lines.length, column: [...(lines.at(-1) ?? '')].length + 1 }
}
