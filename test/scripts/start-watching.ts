import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { SILVERSMITH } from './run-command.ts'

/** `run --watch` in a process of its own. */
export interface Watching {
  readonly child: ChildProcess
  /** The next line that it prints and a pattern fits. */
  line(pattern: RegExp): Promise<string>
  /** Interrupts it, and says how it ended. */
  end(): Promise<{ readonly status: number | null; readonly errors: string }>
}

export function startWatching(
  folder: string,
  options: readonly string[],
  env: Readonly<Record<string, string | undefined>> = {},
): Watching {
  const args = [SILVERSMITH, 'run', '--watch', ...options]
  const child = spawn(process.execPath, args, { cwd: folder, env: { ...process.env, ...env } })
  let printed = ''
  let errors = ''
  child.stdout.on('data', data => {
    printed += data
  })
  child.stderr.on('data', data => {
    errors += data
  })
  return {
    child,
    line: async pattern => {
      for (;;) {
        const lines = printed.split('\n')
        const at = lines.slice(0, -1).findIndex(each => pattern.test(each))
        if (at >= 0) {
          printed = lines.slice(at + 1).join('\n')
          return lines[at] ?? ''
        }
        assert.equal(child.exitCode, null, errors)
        await new Promise(done => setTimeout(done, 20))
      }
    },
    end: async () => {
      const ended = new Promise<number | null>(done => child.once('exit', done))
      child.kill('SIGINT')
      return { status: await ended, errors }
    },
  }
}
