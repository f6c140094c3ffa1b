import { spawn } from 'node:child_process'
import { delimiter, join } from 'node:path'

/** How long a block may take. */
const LIMIT = 120_000
/** A block with this comment runs until it is interrupted. */
const ENDLESS = '# Ctrl-C ends it'

/**
 * Runs a block as a person would paste it, and returns what it prints. One that runs until Ctrl-C gets it once it has
 * printed enough. Throws with the output when a command fails.
 */
export async function runBlock(
  block: string,
  directory: string,
  isEnough: (output: string) => boolean = () => true,
): Promise<string> {
  const endless = block.includes(ENDLESS)
  const path = [join(directory, 'node_modules', '.bin'), process.env.PATH].join(delimiter)
  const commands = block.replace('npm ci && ', '') // the modules of this checkout are linked
  const child = spawn('bash', ['-euo', 'pipefail', '-c', commands], {
    cwd: directory,
    env: { ...process.env, PATH: path, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true, // a group of its own, which gets Ctrl-C as a terminal sends it
    timeout: LIMIT,
  })
  let output = ''
  let interrupted = false
  const take = (chunk: string) => {
    output += chunk
    if (!endless || interrupted || !isEnough(output) || child.pid === undefined) return
    interrupted = true
    process.kill(-child.pid, 'SIGINT')
  }
  child.stdout.setEncoding('utf8').on('data', take)
  child.stderr.setEncoding('utf8').on('data', take)
  const status = await new Promise(done => child.once('close', done))
  if (endless ? !interrupted : status !== 0) throw new Error(`exit status ${status} of\n${block}\n${output}`)
  return output
}
