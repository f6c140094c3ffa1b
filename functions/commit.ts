import { deployed } from './adapters/lambda/deployed.ts'
import { lake } from './adapters/lambda/lake.ts'
import { createCommit } from './pipeline/commit/worker.ts'

/** Commit on Lambda and on edge runtimes. */
const { fetch, handler } = deployed(createCommit, () => ({ ...lake(), clock: Date.now, random: Math.random }))
export default { fetch }
export { handler }
