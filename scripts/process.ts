import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import type { Executions } from '../functions/lake/claim.ts'

/** Whether a process of this machine exists. A process of another user counts as alive. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/** When a process started, in whatever unit the system counts, so that a number used again is told apart; '' if unknown. */
export function startOf(pid: number): string {
  try {
    // proc(5): field 22, counted behind the name, which may hold spaces
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
  } catch {
    return ''
  }
}

/** The executions of this process that have not ended. */
const running = new Set<string>()

/** Runs an execution of this process, whose id is `local:host:pid:start:time:uuid`. */
export async function asExecution<T>(run: (id: string) => Promise<T>): Promise<T> {
  const host = hostname().replaceAll(':', '-')
  const id = ['local', host, process.pid, startOf(process.pid), Date.now(), crypto.randomUUID()].join(':')
  running.add(id)
  try {
    return await run(id)
  } finally {
    running.delete(id)
  }
}

/** Milliseconds for which an execution of another machine counts as running. */
const FOREIGN = 60 * 60 * 1000

/** Executions of local processes: one runs as long as its process does. */
export const localExecutions: Executions = {
  isRunning: async execution => {
    const [kind, host, pid, start, time] = execution.split(':')
    if (kind !== 'local' || !/^\d+$/.test(pid ?? '')) return false
    // nothing is known about another machine's processes: its claim stands for as long as a run may well take
    if (host !== hostname().replaceAll(':', '-')) return Date.now() - Number(time) < FOREIGN
    if (Number(pid) === process.pid) return running.has(execution)
    return isAlive(Number(pid)) && startOf(Number(pid)) === start
  },
}
