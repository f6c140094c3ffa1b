import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { print } from '../terminal/print.ts'

/** Times of building and opening snapshots, each in a process of its own, as a table in Markdown. */
export async function measureSnapshots(): Promise<string> {
  const rows = [113_405, 5_000_000].map(customers => {
    const script = join(import.meta.dirname, 'snapshot-run.ts')
    const { stdout } = spawnSync(process.execPath, [script, String(customers)], { encoding: 'utf8' })
    print(stdout.trim())
    const { build, load, open, bytes, rss } = JSON.parse(stdout)
    const ms = (value: number) => value.toFixed(1)
    return `| ${customers} | ${(build / 1000).toFixed(2)} | ${ms(load)} | ${ms(open)} | ${(bytes / 1e6).toFixed(0)} | ${(rss / 1e6).toFixed(0)} |`
  })
  return [
    '| customers | build s | load ms | open ms | snapshot MB | peak RSS MB |',
    '|---|---|---|---|---|---|',
    ...rows,
  ].join('\n')
}
