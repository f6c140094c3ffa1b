import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'

/** DuckDB with a folder of its own, for making Parquet files and for reading them back. */
export class Duck {
  readonly #folder = mkdtempSync(join(tmpdir(), 'silversmith-duck-'))
  readonly #connection
  #files = 0

  private constructor(connection: Awaited<ReturnType<Awaited<ReturnType<typeof DuckDBInstance.create>>['connect']>>) {
    this.#connection = connection
  }

  static async open(): Promise<Duck> {
    const instance = await DuckDBInstance.create(':memory:')
    const duck = new Duck(await instance.connect())
    await duck.run("SET TimeZone = 'UTC'")
    return duck
  }

  async run(sql: string): Promise<void> {
    await this.#connection.run(sql)
  }

  /** The rows of a query, with values as JSON has them. */
  async rows(sql: string): Promise<Record<string, unknown>[]> {
    const reader = await this.#connection.runAndReadAll(sql)
    return reader.getRowObjectsJson()
  }

  /** A path for a file, and the file with these bytes if there are any. */
  file(bytes?: Uint8Array, suffix = 'parquet'): string {
    const path = join(this.#folder, `${this.#files++}.${suffix}`)
    if (bytes) writeFileSync(path, bytes)
    return path
  }

  /** Writes a query's rows as Parquet and returns the file's bytes. */
  async parquet(sql: string, options = ''): Promise<Uint8Array<ArrayBuffer>> {
    const path = this.file()
    await this.run(`COPY (${sql}) TO '${path}' (FORMAT parquet${options && `, ${options}`})`)
    return new Uint8Array(readFileSync(path))
  }

  close(): void {
    this.#connection.closeSync()
    rmSync(this.#folder, { recursive: true, force: true })
  }
}
