import { rmSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Does work that needs a directory for a while; it is removed whatever comes of the work, also by Ctrl-C. */
export async function withScratch<T>(work: (directory: string) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), 'silversmith-'))
  const remove = () => rmSync(directory, { recursive: true, force: true })
  const end = (signal: NodeJS.Signals) => {
    remove()
    process.exit(signal === 'SIGINT' ? 130 : 143)
  }
  const signals = ['SIGINT', 'SIGTERM'] as const
  for (const signal of signals) process.on(signal, end)
  try {
    return await work(directory)
  } finally {
    for (const signal of signals) process.off(signal, end)
    remove()
  }
}
