import assert from 'node:assert/strict'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = fileURLToPath(new URL('../../', import.meta.url))

describe('what Join takes of the query module', () => {
  it('has no parser in it, and stays below 108 KB', async () => {
    const { metafile } = await build({
      stdin: {
        contents:
          "export * from './functions/sql/evaluate.ts'; export { bind, pathValue, widener } from './functions/sql/schema/bind.ts'; export * from './functions/sql/prune.ts'",
        resolveDir: root,
      },
      bundle: true,
      minify: true,
      format: 'esm',
      write: false,
      metafile: true,
      absWorkingDir: root,
    })
    const inputs = Object.keys(metafile.outputs['stdin.js']?.inputs ?? {})
    assert.deepEqual(
      inputs.filter(path => /sql\/(parse|typing|resolve|regex)\//.test(path)),
      [],
    )
    const bytes = Object.values(metafile.outputs).reduce((sum, output) => sum + output.bytes, 0)
    assert.ok(bytes < 108 * 1024, `${bytes} bytes`)
  })
})
