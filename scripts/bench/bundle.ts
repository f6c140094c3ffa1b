import { spawnSync } from 'node:child_process'
import { mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deflateRawSync } from 'node:zlib'
import { build } from 'esbuild'
import plugins from '../deploy/esbuild-plugins.ts'
import { print } from '../terminal/print.ts'

/** Size of the join worker's bundle as it is deployed, as a zip has it, and milliseconds of its import; with and without the AWS SDK. */
export async function measureBundle(): Promise<string> {
  const root = join(import.meta.dirname, '..', '..')
  const folder = await mkdtemp(join(tmpdir(), 'silversmith-bundle-'))
  const lines = ['| bundle of the join worker | minified KB | zipped KB | import ms |', '|---|---|---|---|']
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'))
  for (const withSdk of [true, false]) {
    const outfile = join(folder, withSdk ? 'whole.mjs' : 'own.mjs')
    await build({
      entryPoints: [join(root, 'functions', 'join.ts')],
      outfile,
      bundle: true,
      minify: true,
      platform: 'node',
      format: 'esm',
      target: 'node24',
      mainFields: ['module', 'main'],
      plugins: plugins(),
      external: withSdk ? [] : ['@aws-sdk/*'],
    })
    const zipped = deflateRawSync(await readFile(outfile), { level: 9 }).length
    let time = '-'
    if (!withSdk) {
      // The SDK is a stub here: only the import of what is ours is measured.
      const stub = join(folder, 'import.mjs')
      await writeFile(stub, IMPORT)
      const runs = Array.from({ length: 5 }, () =>
        Number(spawnSync(process.execPath, [stub, outfile], { encoding: 'utf8' }).stdout),
      )
      time = (runs.sort((a, b) => a - b)[2] ?? 0).toFixed(0)
    }
    const { size } = await stat(outfile)
    print(
      JSON.stringify({ bundle: withSdk ? 'with AWS SDK' : 'without AWS SDK', minified: size, zipped, import: time }),
    )
    lines.push(
      `| ${withSdk ? 'with' : 'without'} the AWS SDK | ${(size / 1e3).toFixed(0)} | ${(zipped / 1e3).toFixed(0)} | ${time} |`,
    )
  }
  await rm(folder, { recursive: true })
  return lines.join('\n')
}

/** Imports a bundle with the AWS SDK's packages replaced by empty ones, and prints the milliseconds. */
const IMPORT = `
import { registerHooks } from 'node:module'
const names = ['S3Client', 'GetObjectCommand', 'HeadObjectCommand', 'PutObjectCommand', 'DeleteObjectCommand', 'ListObjectsV2Command',
  'CreateMultipartUploadCommand', 'UploadPartCommand', 'UploadPartCopyCommand', 'CompleteMultipartUploadCommand',
  'AbortMultipartUploadCommand', 'S3ServiceException', 'SFNClient', 'DescribeExecutionCommand']
const source = names.map(name => 'export class ' + name + ' { send() {} }').join(';')
registerHooks({
  resolve: (specifier, context, next) =>
    specifier.startsWith('@aws-sdk/') ? { url: 'stub:' + specifier, shortCircuit: true } : next(specifier, context),
  load: (url, context, next) => (url.startsWith('stub:') ? { format: 'module', source, shortCircuit: true } : next(url, context)),
})
const start = performance.now()
await import(process.argv[2])
console.log(performance.now() - start)
`
