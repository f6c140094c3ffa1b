import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'

/** Installs Python packages into a virtual environment of their own in .e2e/, once for each requirements.txt, and returns it. */
export async function preparePython(requirements: string): Promise<string> {
  const name = createHash('sha256')
    .update(await readFile(requirements))
    .digest('hex')
    .slice(0, 12)
  const venv = resolve('.e2e', `venv-${name}`)
  const complete = join(venv, 'complete')
  if (existsSync(complete)) return venv
  const run = promisify(execFile)
  await rm(venv, { recursive: true, force: true })
  await run('python3', ['-m', 'venv', venv])
  const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--requirement', requirements]
  await run(join(venv, 'bin', 'python'), install, { maxBuffer: 1 << 26 })
  await writeFile(complete, '')
  return venv
}
