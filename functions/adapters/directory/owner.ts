import { createHash } from 'node:crypto'
import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'
import { once } from '../../base/once.ts'
import { isAlive, startOf } from './process.ts'

/**
 * This process as `machine-pid-start`: names the writer of a temporary file or lock. The machine is a host since its last
 * start, and the container in it, so that two of one name are told apart.
 */
export const owner = once(() => [machine(), process.pid, startOf(process.pid)].join('-'))

/** Whether an owner's process has ended; undefined for another machine's, of whose processes nothing is known. */
export function hasEnded(name: string): boolean | undefined {
  const [, host, pid, start] = /^([0-9a-f]{16})-(\d+)-(\d*)$/.exec(name) ?? []
  if (host !== machine()) return undefined
  return !(isAlive(Number(pid)) && startOf(Number(pid)) === start)
}

const machine = once(() => {
  let since = ''
  try {
    // random(4), pid_namespaces(7)
    since = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8') + readlinkSync('/proc/self/ns/pid')
  } catch {
    // not Linux: the host's name has to do
  }
  return createHash('sha256').update(`${hostname()}\n${since}`).digest('hex').slice(0, 16)
})
