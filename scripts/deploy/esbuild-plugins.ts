import { readFile } from 'node:fs/promises'
import type { Plugin } from 'esbuild'

/** A source map (version 3) in which everything comes from one place: esbuild takes no empty one. */
const ONE_PLACE = Buffer.from('{"version":3,"sources":["package"],"names":[],"mappings":"AAAA"}').toString('base64')

/**
 * Leaves packages out of the source maps, which would be three times as large: a stack names lines of this project.
 */
const ownSourcesOnly: Plugin = {
  name: 'own-sources-only',
  setup(build) {
    build.onLoad({ filter: /node_modules.*\.m?js$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8')
      return { contents: `${text}\n//# sourceMappingURL=data:application/json;base64,${ONE_PLACE}`, loader: 'js' }
    })
  },
}

/**
 * Lambda gives a worker its role's credentials in the environment. The SDK's other sources of credentials (profiles, SSO, a
 * login in the browser, STS) are left out: they are a seventh of a worker's code.
 */
const environmentCredentials: Plugin = {
  name: 'environment-credentials',
  setup(build) {
    build.onResolve({ filter: /^@aws-sdk\/credential-provider-node$/ }, ({ path, resolveDir }) => ({
      path,
      namespace: 'environment-credentials',
      pluginData: resolveDir,
    }))
    build.onLoad({ filter: /./, namespace: 'environment-credentials' }, ({ pluginData }) => ({
      contents: "export { fromEnv as defaultProvider } from '@aws-sdk/credential-provider-env'",
      resolveDir: pluginData,
    }))
  },
}

/** What serverless-esbuild adds to its own settings for the workers. */
export default (): Plugin[] => [ownSourcesOnly, environmentCredentials]
