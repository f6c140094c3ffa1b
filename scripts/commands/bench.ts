import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { measureBundle } from '../bench/bundle.ts'
import { measureCodecs } from '../bench/codecs.ts'
import { measureConsole } from '../bench/console.ts'
import { contentOf } from '../bench/duckdb.ts'
import { benchLake, SHAPES, type Shape } from '../bench/lake.ts'
import { measureMerging } from '../bench/merging.ts'
import { bundled, measureScript } from '../bench/own-process.ts'
import { measureQueries } from '../bench/queries.ts'
import { measureQuery } from '../bench/query.ts'
import { type Measured, median, reportTable } from '../bench/report.ts'
import { measureSnapshots } from '../bench/snapshots.ts'
import { measureStartup } from '../bench/startup.ts'
import { measureStatics } from '../bench/statics.ts'
import { defineCommand, oneOf, wholeNumber } from '../command-line/command.ts'
import { print } from '../terminal/print.ts'
import { Progress } from '../terminal/progress.ts'

const PARTS = [
  'join',
  'merging',
  'codecs',
  'snapshots',
  'statics',
  'queries',
  'bundle',
  'startup',
  'query',
  'console',
] as const
type Part = (typeof PARTS)[number]
const SHAPE_NAMES = Object.keys(SHAPES) as Shape[] // as its type says

export default defineCommand(
  {
    purpose:
      "Joins seeded lakes with this project's engine and with DuckDB. Each run is a process of its own, and the two engines " +
      'alternate. Prints a line of JSON for each measurement, and tables of medians at the end.',
    options: {
      runs: { type: 'string', default: '5', value: 'N', help: 'runs of each engine' },
      shape: { type: 'string', multiple: true, value: SHAPE_NAMES.join('|'), help: 'the lakes; default: all' },
      part: { type: 'string', multiple: true, value: PARTS.join('|'), help: 'what to measure; default: all' },
    },
  },
  async values => {
    const runs = wholeNumber('runs', values.runs)
    const shapes = values.shape?.map(name => oneOf('shape', name, SHAPE_NAMES)) ?? SHAPE_NAMES
    const parts = new Set(values.part?.map(name => oneOf('part', name, PARTS)) ?? PARTS)
    const progress = new Progress(process.stderr)
    const measures: Readonly<Record<Part, () => Promise<string>>> = {
      join: async () => reportTable(await measureJoins(shapes, runs, progress)),
      merging: measureMerging,
      codecs: measureCodecs,
      snapshots: measureSnapshots,
      statics: measureStatics,
      queries: () => measureQueries(runs),
      bundle: measureBundle,
      startup: () => measureStartup(runs),
      query: measureQuery,
      console: () => measureConsole(10_000),
    }
    const tables: string[] = []
    await progress.during(async () => {
      for (const state of PARTS.filter(part => parts.has(part))) {
        progress.watch({ type: 'entered', state })
        tables.push(await measures[state]())
        progress.watch({ type: 'left', state, output: {} })
      }
    })
    print(tables.join('\n\n'))
  },
)

/** Medians of so many runs over each shape of lake, with and without a WHERE. */
async function measureJoins(shapes: readonly Shape[], runs: number, progress: Progress): Promise<Measured[]> {
  const script = await bundled('run')
  const results: Measured[] = []
  const total = shapes.length * 2 * 2 * runs
  let done = 0
  for (const shape of shapes) {
    const directory = await benchLake(shape)
    for (const where of [false, true]) {
      const samples: Record<string, Record<string, number>[]> = { ours: [], duckdb: [] }
      const content: Record<string, string> = {}
      for (let run = 0; run < runs; run++) {
        for (const engine of run % 2 === 0 ? ['ours', 'duckdb'] : ['duckdb', 'ours']) {
          const out = `silver-${engine}`
          progress.watch({ type: 'item', done: done++, total })
          const sample = await measureScript([script, engine, shape, where ? 'where' : 'all', out])
          const silver = await sizes(join(directory, out))
          samples[engine]?.push({ ...sample, ...silver })
          print(JSON.stringify({ engine, shape, where, run, ...sample, ...silver }))
          content[engine] ??= await contentOf(join(directory, out))
          await rm(join(directory, out), { recursive: true })
        }
      }
      if (content.ours !== content.duckdb) throw new Error(`${shape}: ${content.ours} in place of ${content.duckdb}`)
      const of = (engine: string) => median(samples[engine] ?? [])
      results.push({ shape, where, content: content.ours ?? '', ours: of('ours'), duckdb: of('duckdb') })
    }
  }
  return results
}

async function sizes(folder: string): Promise<{ files: number; bytes: number }> {
  const names = await readdir(folder)
  const all = await Promise.all(names.map(name => stat(join(folder, name))))
  return { files: names.length, bytes: all.reduce((sum, { size }) => sum + size, 0) }
}
