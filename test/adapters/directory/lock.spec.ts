import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Waiting, withLock } from '../../../functions/adapters/directory/lock.ts'
import { owner } from '../../../functions/adapters/directory/process.ts'

describe('a lock of a lake in a directory', () => {
  let directory: string
  let lock: string
  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'silversmith-'))
    await withLock(directory, 'k', async () => {
      lock = join(directory, readdirSync(directory).find(name => name.endsWith('.lock')) ?? '')
    })
  })
  afterEach(() => rmSync(directory, { recursive: true }))

  /** A clock that only sleeping moves, a second at a time; `then` happens at each second. */
  function stepwise(then: (second: number) => void = () => undefined): Waiting & { readonly seconds: () => number } {
    let now = 0
    const sleep = async () => {
      now += 1000
      then(now / 1000)
    }
    return { now: () => now, sleep, seconds: () => now / 1000 }
  }

  const elsewhere = `${'0'.repeat(16)}-1-1`

  it('is left to a holder on another machine for half a minute of watching, however old its file looks here', async () => {
    writeFileSync(lock, elsewhere)
    utimesSync(lock, new Date(0), new Date(0)) // as where the clocks of two machines differ
    const waiting = stepwise()
    await withLock(directory, 'k', async () => undefined, waiting)
    assert.equal(waiting.seconds(), 32)
  })

  it('is broken after that time also where its file seems to come from the future', async () => {
    writeFileSync(lock, elsewhere)
    utimesSync(lock, new Date('2199-01-01'), new Date('2199-01-01'))
    const waiting = stepwise()
    await withLock(directory, 'k', async () => undefined, waiting)
    assert.equal(waiting.seconds(), 32)
  })

  it('is watched again when another holder takes it', async () => {
    writeFileSync(lock, elsewhere)
    const waiting = stepwise(second => {
      if (second !== 20) return
      rmSync(lock)
      writeFileSync(lock, elsewhere)
    })
    await withLock(directory, 'k', async () => undefined, waiting)
    assert(waiting.seconds() >= 51, `${waiting.seconds()} s`)
  })

  it('is never taken from a live holder on this machine, however old its file looks', async () => {
    writeFileSync(lock, owner())
    utimesSync(lock, new Date(0), new Date(0))
    const waiting = stepwise(second => {
      if (second === 1000) rmSync(lock)
    })
    await withLock(directory, 'k', async () => undefined, waiting)
    assert.equal(waiting.seconds(), 1000)
  })

  it('is taken at once from a holder on this machine that has ended', async () => {
    writeFileSync(lock, owner().replace(/-\d*$/, '-1')) // a process of this number that started at another time
    const waiting = stepwise()
    await withLock(directory, 'k', async () => undefined, waiting)
    assert.equal(waiting.seconds(), 1)
  })
})
