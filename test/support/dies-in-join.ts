import fs from 'node:fs/promises'
import { syncBuiltinESMExports } from 'node:module'

/*
 * Loaded before a run (`--import`): once a process has read a plan's query.json, as Join does, it dies as soon as it opens
 * the bronze file that DEADLY_FILE names. Plan, which looks at footers before there is a plan, lives.
 */
const { DEADLY_FILE = 'none' } = process.env
const { open } = fs
let joins = false
fs.open = (path, ...how) => {
  if (String(path).endsWith('query.json')) joins = true
  if (joins && String(path).endsWith(DEADLY_FILE)) process.kill(process.pid, 'SIGKILL')
  return open(path, ...how)
}
syncBuiltinESMExports()
