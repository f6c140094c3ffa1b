/** The specs that judge a file: those that are about it, quickest first, as the first one that fails ends the run. */
export const JUDGES: Readonly<Record<string, readonly string[]>> = {
  'functions/log/append.ts': ['log/append', 'log/chain'],
  'functions/log/batch-state.ts': ['log/batch-state'],
  'functions/log/bronze-entries.ts': ['log/fold', 'log/absorb', 'log/read'],
  'functions/log/check.ts': ['log/check'],
  'functions/protocol/commit.ts': ['protocol/commit'],
  'functions/log/conflict.ts': ['log/conflict'],
  'functions/log/entry.ts': ['log/append', 'log/check', 'log/read', 'log/chain'],
  'functions/log/fold.ts': ['log/fold', 'log/absorb', 'log/read', 'log/check'],
  'functions/log/read.ts': ['log/bronze', 'log/append', 'log/read', 'log/chain'],
  'functions/log/snapshot.ts': ['log/snapshot'],
  'functions/pipeline/commit/commit-batch.ts': [
    ...['pipeline/commit/rules', 'pipeline/commit/waiting', 'pipeline/commit/commit-pass'],
    ...['pipeline/commit/commit-batch', 'executions/deadly-files'],
  ],
  'functions/pipeline/commit/commit-pass.ts': [
    'pipeline/commit/commit-pass',
    'pipeline/commit/snapshots',
    'executions/deadly-files',
  ],
  'functions/pipeline/commit/report.ts': ['pipeline/commit/report'],
  'functions/pipeline/commit/verify.ts': ['pipeline/commit/verify'],
  'functions/pipeline/plan/candidates.ts': ['pipeline/plan/candidates'],
}
