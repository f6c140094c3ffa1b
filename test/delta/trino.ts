import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { appendFile, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { fetchJars } from './maven.ts'

const VERSION = '476'
const HEAP = '2G'
/** Milliseconds in which a server is up on a slow machine. */
const PATIENCE = 180_000

/** Starts a Trino of its own with a catalog `delta` over this machine's files, and stops it when `work` ends. */
export async function withTrino<T>(work: (url: string) => Promise<T>): Promise<T> {
  const home = process.env.TRINO_JAVA_HOME
  if (home === undefined) throw new Error('set TRINO_JAVA_HOME to a Java of 24 or later')
  const server = await unpacked()
  const folder = await mkdtemp(join(tmpdir(), 'silversmith-trino-'))
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  await configure(folder, url, port)
  const environment = { ...process.env, JAVA_HOME: home, PATH: `${join(home, 'bin')}:${process.env.PATH}` }
  const args = ['--etc-dir', join(folder, 'etc'), '--data-dir', join(folder, 'var'), 'run']
  const child = spawn(join(server, 'bin', 'launcher'), args, { env: environment, stdio: ['ignore', 'pipe', 'pipe'] })
  const log = join(folder, 'server.log')
  for (const stream of [child.stdout, child.stderr]) stream.on('data', chunk => void appendFile(log, chunk))
  try {
    await started(url, log)
    return await work(url)
  } finally {
    child.kill()
    await once(child, 'close')
    await rm(folder, { recursive: true, force: true })
  }
}

/** The server's folder, brought by Maven and unpacked once, with no other plugins than are needed. */
async function unpacked(): Promise<string> {
  const [archive = ''] = await fetchJars([`io.trino:trino-server:${VERSION}:tar.gz`])
  const folder = resolve('.e2e', `trino-server-${VERSION}`)
  if (existsSync(folder)) return folder
  const draft = await mkdtemp(join(dirname(folder), 'unpack-'))
  const run = promisify(execFile)
  await run('tar', ['xzf', archive, '-C', draft])
  const root = join(draft, `trino-server-${VERSION}`)
  const others = ['plugin', 'secrets-plugin'].map(name => join(root, name))
  await run('find', [
    ...others,
    '-mindepth',
    '1',
    '-maxdepth',
    '1',
    '!',
    '-name',
    'delta-lake',
    '-exec',
    'rm',
    '-r',
    '{}',
    '+',
  ])
  await rename(root, folder)
  await rm(draft, { recursive: true })
  return folder
}

async function configure(folder: string, url: string, port: number): Promise<void> {
  const files: Readonly<Record<string, readonly string[]>> = {
    'node.properties': [
      ...['node.environment=test', 'node.id=silversmith', 'node.internal-address=127.0.0.1', 'node.bind-ip=127.0.0.1'],
    ],
    'jvm.config': [
      ...['-server', `-Xmx${HEAP}`, '-XX:+UseG1GC', '-XX:+ExitOnOutOfMemoryError', '-Duser.timezone=UTC'],
      ...['-XX:+EnableDynamicAgentLoading', '-Djdk.attach.allowAttachSelf=true'],
    ],
    'config.properties': [
      ...['coordinator=true', 'node-scheduler.include-coordinator=true', 'query.max-memory=500MB'],
      ...[`http-server.http.port=${port}`, `discovery.uri=${url}`],
    ],
    'catalog/delta.properties': [
      ...['connector.name=delta_lake', 'hive.metastore=file', `hive.metastore.catalog.dir=file://${folder}/meta`],
      ...['fs.hadoop.enabled=true', 'delta.register-table-procedure.enabled=true'],
      ...['delta.vacuum.min-retention=0s', 'delta.enable-non-concurrent-writes=true'],
    ],
  }
  await mkdir(join(folder, 'etc', 'catalog'), { recursive: true })
  for (const [name, lines] of Object.entries(files)) {
    await writeFile(join(folder, 'etc', name), lines.map(line => `${line}\n`).join(''))
  }
}

async function started(url: string, log: string): Promise<void> {
  for (const until = Date.now() + PATIENCE; Date.now() < until; await sleep(500)) {
    const info = await fetch(`${url}/v1/info`).then(
      response => response.json(),
      () => undefined,
    )
    if (info?.starting === false) return
  }
  throw new Error(`Trino has not started: ${log}`)
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('there is no free port')
  return address.port
}
