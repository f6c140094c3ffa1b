import { benchLake, SHAPES, type Shape } from './lake.ts'

/*
 * One measured run in a process of its own: `node scripts/bench/run.ts <ours|duckdb> <shape> <all|where> <folder>`.
 * Prints one line of JSON: CPU seconds and peak RSS of the whole process, and the traffic.
 */
const [engine, shape = '', condition, out = 'silver'] = process.argv.slice(2)
if (!isShape(shape)) throw new Error(`no shape ${shape}`)
const directory = await benchLake(shape)
const traffic =
  engine === 'ours'
    ? await (await import('./join.ts')).joinLake(directory, out, condition === 'where')
    : await (await import('./duckdb.ts')).joinWithDuckDb(directory, out, shape, condition === 'where')
const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage()
console.log(
  JSON.stringify({ cpu: (userCPUTime + systemCPUTime) / 1e6, user: userCPUTime / 1e6, rss: maxRSS * 1024, ...traffic }),
)

function isShape(name: string): name is Shape {
  return name in SHAPES
}
