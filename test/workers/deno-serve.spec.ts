import { type ChildProcess, spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { BUCKET, describeWorkers, TOKEN, WORKERS, type WorkerName } from './suite.ts'

describeWorkers('each served by Deno', async s3 => {
  const env = {
    AWS_ENDPOINT_URL: s3.endpoint,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    LAKE_BUCKET: BUCKET,
    SILVERSMITH_TOKEN: TOKEN,
    NO_COLOR: '1',
  }
  const served = new Map<WorkerName, Served>()
  await Promise.all(WORKERS.map(async name => served.set(name, await serve(`functions/${name}.ts`, env))))
  return {
    fetch: (worker, request) => fetch(served.get(worker)?.url ?? '', request),
    stop: async () => {
      for (const { child } of served.values()) child.kill()
    },
  }
})

interface Served {
  readonly url: string
  readonly child: ChildProcess
}

/** Starts `deno serve` on a free port of 127.0.0.1, with the permissions that docs/runtimes.md names. */
async function serve(module: string, env: Readonly<Record<string, string>>): Promise<Served> {
  const permissions = ['--allow-net', '--allow-env', '--allow-sys', '--allow-read=.']
  const args = ['serve', '--no-prompt', '--host', '127.0.0.1', '--port', '0', ...permissions, module]
  const child = spawn(denoPath(), args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
  const url = await new Promise<string>((found, failed) => {
    let output = ''
    const read = (chunk: Buffer) => {
      output += chunk
      const [, address] = /Listening on (http:\S+)/.exec(output) ?? []
      if (address !== undefined) found(address)
    }
    child.stdout.on('data', read)
    child.stderr.on('data', read)
    child.once('exit', () => failed(new Error(`deno serve ${module} ended:\n${output}`)))
  })
  return { url, child }
}

/** The program itself: what lies in node_modules/.bin starts it as a child, which would outlive it. */
function denoPath(): string {
  const platform = `${process.platform}-${process.arch}${process.platform === 'linux' ? '-glibc' : ''}`
  const manifest = createRequire(import.meta.url).resolve(`@deno/${platform}/package.json`)
  return join(dirname(manifest), process.platform === 'win32' ? 'deno.exe' : 'deno')
}
