import type { Shape } from './lake.ts'

/** Medians of one case. Seconds and bytes. */
export interface Measured {
  readonly shape: Shape
  readonly where: boolean
  /** Rows and their hash, the same for both engines. */
  readonly content: string
  readonly ours: Readonly<Record<string, number>>
  readonly duckdb: Readonly<Record<string, number>>
}

/** The median of each figure. */
export function median(samples: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const names = new Set(samples.flatMap(sample => Object.keys(sample)))
  const medians: Record<string, number> = {}
  for (const name of names) {
    const sorted = samples.map(sample => sample[name] ?? 0).sort((a, b) => a - b)
    medians[name] = sorted[Math.floor(sorted.length / 2)] ?? 0
  }
  return medians
}

/** A reportTable in Markdown. */
export function reportTable(results: readonly Measured[]): string {
  const heads = [
    'lake',
    'WHERE',
    'engine',
    'CPU s',
    'wall s',
    'peak RSS MB',
    'read MB',
    'written MB',
    'copied MB',
    'requests',
    'files',
    'silver MB',
  ]
  const rows = results.flatMap(({ shape, where, ours, duckdb }) => {
    const line = (engine: string, m: Readonly<Record<string, number>>, traffic: boolean) => {
      const mb = (name: string) => ((m[name] ?? 0) / 1e6).toFixed(name === 'rss' ? 0 : 1)
      const wire = traffic ? [mb('read'), mb('written'), mb('copied'), String(m.requests ?? 0)] : ['', '', '', '']
      const time = [m.cpu, m.wall].map(seconds => (seconds ?? 0).toFixed(2))
      return [shape, where ? 'yes' : 'no', engine, ...time, mb('rss'), ...wire, String(m.files ?? 0), mb('bytes')]
    }
    const ratio = (name: string) => ((ours[name] ?? 0) / (duckdb[name] ?? 1)).toFixed(2)
    return [
      line('silversmith', ours, true),
      line('DuckDB', duckdb, false),
      [
        shape,
        where ? 'yes' : 'no',
        '**ratio**',
        ratio('cpu'),
        ratio('wall'),
        ratio('rss'),
        '',
        '',
        '',
        '',
        '',
        ratio('bytes'),
      ],
    ]
  })
  return [heads, heads.map(() => '---'), ...rows].map(row => `| ${row.join(' | ')} |`).join('\n')
}
