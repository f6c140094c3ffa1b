import { spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'

/** The shell blocks of the README's section on deploying, in their order. */
export async function deployBlocks(): Promise<readonly string[]> {
  const readme = await readFile('README.md', 'utf8')
  const [, section = ''] = readme.split(/^## Deploy$/m)
  const [text = ''] = section.split(/^## /m)
  return [...text.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, block = '']) => block)
}

/** Runs a block as a person would paste it, and returns what it prints. Throws with the output when a command fails. */
export async function runShell(block: string, env: Readonly<Record<string, string>>): Promise<string> {
  const child = spawn('bash', ['-euo', 'pipefail', '-c', block], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  child.stdout.on('data', chunk => {
    output += chunk
  })
  child.stderr.on('data', chunk => {
    output += chunk
  })
  const status = await new Promise(done => child.once('close', done))
  if (status !== 0) throw new Error(`exit status ${status} of\n${block}\n${output}`)
  return output
}
