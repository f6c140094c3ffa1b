import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { build } from 'esbuild'

/**
 * Runs a script in a process of its own. Returns the figures of the line of JSON that it prints, with `wall`, the seconds from its
 * start to its end. Throws an Error where it fails.
 */
export async function measureScript(args: readonly string[]): Promise<Record<string, number>> {
  const started = performance.now()
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  let output = ''
  for await (const chunk of child.stdout) output += chunk
  const wall = (performance.now() - started) / 1000
  if (child.exitCode !== null && child.exitCode !== 0) throw new Error(`${args.join(' ')} failed`)
  return { wall, ...JSON.parse(output) }
}

/** Bundles a script of this folder as the workers are deployed, so that no time goes into stripping types. Returns its path. */
export async function bundled(name: string): Promise<string> {
  const folder = join(import.meta.dirname, '..', '..', 'node_modules', '.cache', 'silversmith-bench')
  const outfile = join(folder, `${name}.mjs`)
  await build({
    entryPoints: [join(import.meta.dirname, `${name}.ts`)],
    outfile,
    bundle: true,
    splitting: false,
    minify: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    external: ['@duckdb/*'],
  })
  return outfile
}
