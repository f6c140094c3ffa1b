import { parseState } from './planning/read-plan.ts'
import type { RunState } from './planning/state.ts'
import type { RefreshDependencies } from './publishing/refresh.ts'
import { refreshPass } from './publishing/refresh-pass.ts'
import { athenaCatalog } from './runtime/athena.ts'
import { once, token } from './runtime/environment.ts'
import { lake } from './runtime/lake.ts'
import { type Worker, worker } from './runtime/worker.ts'

/** Refresh: `{state}` → the state once Athena knows what is committed, or a slice of it. */
export function createWorker(dependencies: () => RefreshDependencies): Worker {
  return worker<RunState>({
    token,
    run: async input => refreshPass(parseState(input, dependencies().layout), dependencies()),
  })
}

const { fetch, handler } = createWorker(once(() => ({ ...lake(), clock: Date.now, catalog: athenaCatalog() })))
export default { fetch }
export { handler }
