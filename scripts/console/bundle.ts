import { readFile } from 'node:fs/promises'
import { basename, extname, join } from 'node:path'
import { build } from 'esbuild'
import { STYLE } from '../../functions/draw/style.ts'

/** A file of the app as it is served. */
export interface Asset {
  readonly type: string
  readonly body: Uint8Array
}

const WEB = join(import.meta.dirname, 'web')
const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.svg': 'image/svg+xml',
}

/** Bundles the app in memory. Its files by their path in URLs; `index.html` is the page of every view. */
export async function bundleApp(): Promise<ReadonlyMap<string, Asset>> {
  const { outputFiles } = await build({
    entryPoints: [join(WEB, 'main.ts'), join(WEB, 'style.css')],
    ...{ outdir: WEB, bundle: true, splitting: true, format: 'esm', minify: true, write: false },
    ...{ target: 'es2022', define: { 'process.env.NODE_ENV': '"production"' }, logLevel: 'silent' },
    chunkNames: 'chunk-[hash]',
    alias: { hysnappy: join(WEB, 'snappy.ts') },
  })
  const assets = new Map<string, Asset>()
  for (const { path, contents } of outputFiles) {
    const type = TYPES[extname(path)] ?? 'text/plain'
    const body = extname(path) === '.css' ? Buffer.concat([Buffer.from(STYLE.text), contents]) : contents
    assets.set(`/assets/${basename(path)}`, { type, body })
  }
  for (const name of ['index.html', 'icon.svg']) {
    const path = name === 'index.html' ? name : `/assets/${name}`
    assets.set(path, { type: TYPES[extname(name)] ?? 'text/plain', body: await readFile(join(WEB, name)) })
  }
  return assets
}
