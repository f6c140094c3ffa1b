import fs from 'node:fs/promises'
import { syncBuiltinESMExports } from 'node:module'

/*
 * Loaded before a run (`--import`): Join dies as soon as it opens the file whose key DEADLY_FILE is, or with DEADLY_HOW=spin
 * tells its process and never comes back. Plan opens bronze files too, and lives: it reads the log before, Join its plan's
 * query.json.
 */
const { DEADLY_FILE = 'none', DEADLY_HOW = 'die' } = process.env
const { open } = fs
let joins = false
fs.open = (path, ...how) => {
  const name = String(path)
  joins = name.endsWith('/query.json') || (joins && !name.includes('/_silversmith/log/'))
  if (joins && name.endsWith(`/${DEADLY_FILE}`)) {
    if (DEADLY_HOW === 'die') process.kill(process.pid, 'SIGKILL')
    console.log(process.pid)
    for (;;);
  }
  return open(path, ...how)
}
syncBuiltinESMExports()
