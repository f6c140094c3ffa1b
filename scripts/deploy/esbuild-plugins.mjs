import { readFile } from 'node:fs/promises'

/** A source map (version 3) in which everything comes from one place: esbuild takes no empty one. */
const ONE_PLACE = Buffer.from('{"version":3,"sources":["package"],"names":[],"mappings":"AAAA"}').toString('base64')

/**
 * Leaves packages out of the source maps, which would be three times as large: a stack names lines of this project.
 */
const ownSourcesOnly = {
  name: 'own-sources-only',
  setup(build) {
    build.onLoad({ filter: /node_modules.*\.m?js$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8')
      return { contents: `${text}\n//# sourceMappingURL=data:application/json;base64,${ONE_PLACE}`, loader: 'js' }
    })
  },
}

export default () => [ownSourcesOnly]
