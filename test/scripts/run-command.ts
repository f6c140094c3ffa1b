import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** The program behind `npx silversmith`. */
export const SILVERSMITH = fileURLToPath(new URL('../../scripts/silversmith.ts', import.meta.url))

export interface Finished {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs a command in a folder, as `npx silversmith` does. */
export function runCommand(
  folder: string,
  args: readonly [string, ...string[]],
  env: Readonly<Record<string, string>> = {},
): Finished {
  const { status, stdout, stderr } = spawnSync(process.execPath, [SILVERSMITH, ...args], {
    cwd: folder,
    env: { ...process.env, ...env },
    encoding: 'utf8',
  })
  return { status, stdout, stderr }
}
