import type { ListedCommand } from './command-line/command.ts'

/** Every command by name, in the order in which the overview lists them. */
export const COMMANDS: Readonly<Record<string, ListedCommand>> = {
  run: { summary: 'run the state machine on a lake', load: () => import('./commands/run.ts') },
  query: { summary: 'query silver.reviews with SQL', load: () => import('./commands/query.ts') },
  status: { summary: 'show what is running and what waits', load: () => import('./commands/status.ts') },
  why: { summary: 'show what happened to a review', load: () => import('./commands/why.ts') },
  history: { summary: 'list the commits', load: () => import('./commands/history.ts') },
  batch: { summary: 'show one batch, and its query', load: () => import('./commands/batch.ts') },
  report: { summary: 'bring the report of a batch, for the browser', load: () => import('./commands/report.ts') },
  parked: { summary: 'list the reviews that wait for a customer', load: () => import('./commands/parked.ts') },
  files: { summary: 'list the committed silver files', load: () => import('./commands/files.ts') },
  console: { summary: 'show the lake in the browser', load: () => import('./commands/console.ts') },
  validate: { summary: 'compare what readers see with the log', load: () => import('./commands/validate.ts') },
  explain: { summary: 'explain what silver.sql does', load: () => import('./commands/explain.ts') },
  diff: { summary: 'show what a query would change in silver', load: () => import('./commands/diff.ts') },
  backfill: { summary: 'join chosen files, or write batches again', load: () => import('./commands/backfill.ts') },
  vacuum: { summary: 'remove what nobody can need', load: () => import('./commands/vacuum.ts') },
  compact: { summary: 'write many small silver files as few', load: () => import('./commands/compact.ts') },
  rebuild: { summary: 'restore a lost or broken log', load: () => import('./commands/rebuild.ts') },
  takeover: { summary: "start a lake with a Spark job's silver", load: () => import('./commands/takeover.ts') },
  completion: {
    summary: 'print shell completions',
    load: async () => ({ default: (await import('./commands/completion.ts')).completionOf(COMMANDS) }),
  },
  bench: { summary: 'compare the join with DuckDB', load: () => import('./commands/bench.ts') },
  'bench-plan': { summary: 'measure Plan and the log as they grow', load: () => import('./commands/bench-plan.ts') },
}
