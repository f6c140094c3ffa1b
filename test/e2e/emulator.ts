import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, open, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

const HERE = import.meta.dirname
/** Milliseconds that the emulator may take to answer for the first time. */
const PATIENCE = 30_000

/** What the emulator does wrong on purpose, and when; patches/faults.py has the fields. */
export interface Fault {
  readonly service: 's3' | 'lambda' | 'athena' | 'states' | 'glue' | 'sqs'
  readonly match: string
  readonly do?: 'error' | 'drop' | 'delay' | 'kill' | 'throttle' | 'fail'
  readonly when?: 'before' | 'during' | 'after'
  readonly times?: number
  readonly skip?: number
  readonly status?: number
  readonly code?: string
  readonly message?: string
  readonly seconds?: number
}

/** A request that the emulator was asked. */
export interface Asked {
  readonly service: string
  readonly operation: string
  readonly path: string
  readonly status: number
  readonly received: number
  readonly sent: number
}

/** A local AWS in a process of its own, on a free port of 127.0.0.1, with policies enforced. */
export class Emulator {
  readonly endpoint: string
  readonly #process: ChildProcess
  readonly #directory: string

  private constructor(endpoint: string, process: ChildProcess, directory: string) {
    this.endpoint = endpoint
    this.#process = process
    this.#directory = directory
  }

  static async start(venv: string): Promise<Emulator> {
    const directory = await mkdtemp(join(tmpdir(), 'silversmith-e2e-'))
    const port = await freePort()
    const log = await open(join(directory, 'emulator.log'), 'w')
    // the Lambda processes inherit this environment, and run on the `node` that is first on its path
    const env = {
      PATH: `${dirname(process.execPath)}:/usr/bin:/bin`,
      HOME: directory,
      TMPDIR: directory,
      S3_DATA_DIR: join(directory, 's3'),
      GATEWAY_PORT: String(port),
      AUTH: 'true',
      SFN_WAIT_SCALE: '0',
      MINISTACK_REGION: REGION,
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
    }
    const args = [join(HERE, 'emulator', 'emulator.py')]
    const child = spawn(join(venv, 'bin', 'python'), args, { env, stdio: ['ignore', log.fd, log.fd] })
    await log.close()
    const emulator = new Emulator(`http://127.0.0.1:${port}`, child, directory)
    try {
      await emulator.#untilReady()
      return emulator
    } catch (error) {
      await emulator.stop()
      throw error
    }
  }

  async #untilReady(): Promise<void> {
    for (const started = performance.now(); performance.now() - started < PATIENCE; ) {
      if (this.#process.exitCode !== null) break
      const answer = await fetch(`${this.endpoint}/_ministack/health`).catch(() => undefined)
      if (answer?.ok) return
      await new Promise(done => setTimeout(done, 50))
    }
    throw new Error(`the emulator did not start:\n${await this.log()}`)
  }

  /** Adds faults to what happens next. */
  async inject(...faults: readonly Fault[]): Promise<void> {
    const answer = await this.#ask('faults', 'POST', JSON.stringify(faults))
    if (!answer.ok) throw new Error(`the emulator refused a fault: ${await answer.text()}`)
  }

  /** Takes the faults back; returns how often each has struck or let pass. */
  async heal(): Promise<readonly { readonly match: string; readonly hits: number }[]> {
    const faults = await (await this.#ask('faults', 'GET')).json()
    await this.#ask('faults', 'DELETE')
    return faults
  }

  /** The requests since this was asked last. */
  async requests(): Promise<readonly Asked[]> {
    const requests = await (await this.#ask('requests', 'GET')).json()
    await this.#ask('requests', 'DELETE')
    return requests
  }

  /** The last lines of its log. */
  async log(lines = 40): Promise<string> {
    const text = await readFile(join(this.#directory, 'emulator.log'), 'utf8')
    return text.split('\n').slice(-lines).join('\n')
  }

  /** Ends it, and the Lambda processes that it has started, and removes what it has stored. */
  /** Its process, which outlives this one where it is not stopped. */
  get pid(): number | undefined {
    return this.#process.pid
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode === null) {
      const ended = new Promise(done => this.#process.once('exit', done))
      this.#process.kill('SIGTERM')
      const forced = setTimeout(() => this.#process.kill('SIGKILL'), 5000)
      await ended
      clearTimeout(forced)
    }
    await rm(this.#directory, { recursive: true, force: true })
  }

  #ask(page: string, method: string, body?: string): Promise<Response> {
    return fetch(`${this.endpoint}/_emulator/${page}`, { method, ...(body !== undefined && { body }) })
  }
}

export const REGION = 'us-east-1'

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>(ready => server.listen(0, '127.0.0.1', ready))
  const address = server.address()
  await new Promise(done => server.close(done))
  return typeof address === 'object' && address !== null ? address.port : 0
}
