import { createHash } from 'node:crypto'
import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'
import { once } from '../../base/once.ts'
import type { Executions } from '../../lake/claim.ts'

/** Whether a process of this machine exists. A process of another user counts as alive, one that only waits to be reaped does not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
  return !ENDED.includes(stateOf(pid))
}

/** The states of a process that has ended and is still listed: zombie, dead (proc(5)). */
const ENDED = ['Z', 'X', 'x']
/** Those of one that was stopped, and may never go on. */
const STOPPED = ['T', 't']

/** The state of a process as one letter; '' if unknown. */
function stateOf(pid: number): string {
  return statOf(pid)[0] ?? ''
}

/** When a process started, in the system's own unit, so that a number used again can be told apart; '' if unknown. */
export function startOf(pid: number): string {
  return statOf(pid)[19] ?? ''
}

/** What the system says of a process, from its state on: proc(5), fields 3 and following, after the name, which may hold spaces. */
function statOf(pid: number): string[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  } catch {
    return []
  }
}

/** The run of this machine's kernel, and the container in it: random(4), pid_namespaces(7). None but on Linux. */
const KERNEL = kernel()

function kernel(): readonly [boot: string, namespace: string] | undefined {
  try {
    return [readFileSync('/proc/sys/kernel/random/boot_id', 'utf8'), readlinkSync('/proc/self/ns/pid')]
  } catch {
    return undefined
  }
}

/**
 * This process as `machine-pid-start`: names the writer of a temporary file or lock. The machine is a host since its last
 * start, and the container in it, so that two of one name can be told apart.
 */
export const owner = once(() => [machine(), process.pid, startOf(process.pid)].join('-'))

/** Whether an owner's process has ended; undefined for another machine's, of whose processes nothing is known. */
export function hasEnded(name: string): boolean | undefined {
  const [, host, pid, start] = /^([0-9a-f]{16})-(\d+)-(\d*)$/.exec(name) ?? []
  if (host !== machine()) return undefined
  return !(isAlive(Number(pid)) && startOf(Number(pid)) === start)
}

const machine = once(() => {
  const name = `${hostname()}\n${KERNEL?.join('') ?? ''}`
  return createHash('sha256').update(name).digest('hex').slice(0, 16)
})

/**
 * Where the number of a process means something: the host, the run of its kernel, and the container. Hosts and containers
 * may share a name.
 */
const HERE = [
  hostname().replaceAll(':', '-'),
  ...(KERNEL ? [KERNEL[0].slice(0, 8), /\d+/.exec(KERNEL[1])?.[0] ?? ''] : []),
].join('~')

/** The executions of this process that have not ended. */
const running = new Set<string>()

/** Runs an execution of this process, whose id is `local:host:pid:start:time:uuid`. */
export async function asExecution<T>(run: (id: string) => Promise<T>): Promise<T> {
  const id = ['local', HERE, process.pid, startOf(process.pid), Date.now(), crypto.randomUUID()].join(':')
  running.add(id)
  try {
    return await run(id)
  } finally {
    running.delete(id)
  }
}

/**
 * Executions of local processes: one runs as long as its process does. Nothing is known of the processes of other
 * machines, of those that were stopped, and of those whose start the system does not report: their leases show whether
 * they work.
 */
export const localExecutions: Executions = {
  isRunning: async execution => {
    const [kind, host, pid, start] = execution.split(':')
    if (kind !== 'local' || !/^\d+$/.test(pid ?? '')) return undefined
    // earlier versions gave the host's name alone
    if (host !== HERE && host !== HERE.split('~')[0]) return undefined
    if (Number(pid) === process.pid) return running.has(execution)
    if (!isAlive(Number(pid))) return false
    const since = startOf(Number(pid))
    if (since === '' || start === '') return undefined
    if (since !== start) return false
    return STOPPED.includes(stateOf(Number(pid))) ? undefined : true
  },
}
