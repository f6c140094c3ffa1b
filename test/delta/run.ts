/**
 * Lets readers of Delta Lake that share no code with this project read what it writes: `npm run test:delta`. Their packages
 * are installed into a virtual environment in .e2e/. Exits with 1 where a version has other rows for one of them than the
 * commits say, a filter loses rows, or a foreign writer is not refused.
 */
import { spawnSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { preparePython } from '../support/python.ts'
import { makeLake } from './lake.ts'

const HERE = import.meta.dirname
const directory = await mkdtemp(join(tmpdir(), 'silversmith-delta-'))
try {
  const venv = await preparePython(join(HERE, 'requirements.txt'))
  const { table, versions } = await makeLake(directory)
  const script = [join(HERE, 'read_delta.py'), table, versions]
  const { status } = spawnSync(join(venv, 'bin', 'python'), script, { stdio: 'inherit' })
  process.exitCode = status ?? 1
} finally {
  await rm(directory, { recursive: true, force: true })
}
