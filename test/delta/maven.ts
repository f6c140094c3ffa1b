import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { resolve } from 'node:path'
import { promisify } from 'node:util'

const COPY = 'org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy'

/** Brings artifacts of Maven Central, `group:name:version` or `group:name:version:type`, into .e2e/maven. Returns their paths. */
export async function fetchJars(artifacts: readonly string[]): Promise<string[]> {
  const folder = resolve('.e2e', 'maven')
  await mkdir(folder, { recursive: true })
  const paths: string[] = []
  for (const artifact of artifacts) {
    const [, name, version, type = 'jar'] = artifact.split(':')
    const path = resolve(folder, `${name}-${version}.${type}`)
    if (!existsSync(path)) {
      const settings = [`-Dartifact=${artifact}`, `-DoutputDirectory=${folder}`, '-Dmdep.useBaseVersion=true']
      await promisify(execFile)('mvn', ['-q', '-B', COPY, ...settings])
    }
    paths.push(path)
  }
  return paths
}
