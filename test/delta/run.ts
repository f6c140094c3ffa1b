/**
 * Lets readers of Delta Lake that share no code with this project read what it writes. Exits with 1 where a version has other
 * rows for one of them than the commits say, a filter loses rows, or a foreign writer is not refused. What they need is
 * installed into .e2e/.
 *
 * - `npm run test:delta`: deltalake, DataFusion and DuckDB.
 * - `npm run test:delta -- spark`: Spark 3.5 with Delta 3.3; needs a Java of 8 to 17, and Maven.
 * - `npm run test:delta -- trino`: Trino 476; needs a Java of 24 or later in TRINO_JAVA_HOME, Maven, and 2 GB of disk.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { preparePython } from '../support/python.ts'
import { makeInt96Lake, makeLake } from './lake.ts'
import { fetchJars } from './maven.ts'
import { withTrino } from './trino.ts'

/** Runs a script of this folder over the tables with the packages of a requirements.txt. Returns its exit status. */
type RunScript = (script: string, requirements: string, args?: readonly string[]) => Promise<number>

const DELTA_JARS = ['io.delta:delta-spark_2.12:3.3.2', 'io.delta:delta-storage:3.3.2'] as const

const ENGINES: Readonly<Record<string, (run: RunScript) => Promise<number>>> = {
  python: run => run('read_delta.py', 'requirements.txt'),
  spark: async run => run('read_spark.py', 'requirements-spark.txt', [(await fetchJars(DELTA_JARS)).join(',')]),
  trino: run => withTrino(url => run('read_trino.py', 'requirements.txt', [url])),
}

const [name = 'python'] = process.argv.slice(2)
const engine = ENGINES[name]
if (!engine) throw new Error(`no engine ${name}; there are ${Object.keys(ENGINES).join(', ')}`)

const directory = await mkdtemp(join(tmpdir(), 'silversmith-delta-'))
try {
  const [typed, int96] = [join(directory, 'typed'), join(directory, 'int96')]
  for (const lake of [typed, int96]) await mkdir(lake)
  // Trino cuts INT96 to milliseconds
  const tables = [await makeLake(typed), await makeInt96Lake(int96, name === 'trino' ? 1000n : 1n)]
  process.exitCode = await engine(async (script, requirements, args = []) => {
    const venv = await preparePython(join(import.meta.dirname, requirements))
    const all = [join(import.meta.dirname, script), ...args, ...tables.flatMap(each => [each.table, each.versions])]
    const child = spawn(join(venv, 'bin', 'python'), all, { stdio: 'inherit' })
    const [status] = await once(child, 'close')
    return status ?? 1
  })
} finally {
  await rm(directory, { recursive: true, force: true })
}
