import { spawn, spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** The program behind `npx silversmith`. */
export const SILVERSMITH = fileURLToPath(new URL('../../scripts/silversmith.mjs', import.meta.url))

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

/** The same without standing still, for a command that asks a server of the test's own process. */
export async function startCommand(
  folder: string,
  args: readonly [string, ...string[]],
  env: Readonly<Record<string, string | undefined>> = {},
): Promise<Finished> {
  const child = spawn(process.execPath, [SILVERSMITH, ...args], { cwd: folder, env: { ...process.env, ...env } })
  const text = async (stream: AsyncIterable<Buffer>) => {
    const chunks: Buffer[] = []
    for await (const chunk of stream) chunks.push(chunk)
    return Buffer.concat(chunks).toString()
  }
  const ended = new Promise<number | null>(resolve => child.on('close', resolve))
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)])
  return { status: await ended, stdout, stderr }
}
