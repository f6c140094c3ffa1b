import assert from 'node:assert/strict'
import fc from 'fast-check'
import { startStopwatch } from '../../../functions/pipeline/join/stopwatch.ts'

/** A stopwatch that has opened its files after 10 ms, and what passes time. */
function openedWatch() {
  let now = 1000
  const watch = startStopwatch(() => now)
  const pass = (milliseconds: number) => {
    now += milliseconds
  }
  pass(10)
  watch.opened()
  return { watch, pass, spent: () => watch.times().times?.spent }
}

describe('the stopwatch of an item', () => {
  it('says nothing without a clock', () => {
    const watch = startStopwatch(undefined)
    assert.deepEqual([watch.phases.duringSync('read', () => 7), watch.times()], [7, {}])
  })

  it('counts all until the files are open as reading, and what nobody tells of as joining', () => {
    const { watch, pass } = openedWatch()
    pass(5)
    const times = {
      started: '1970-01-01T00:00:01.000Z',
      opened: 10,
      written: 15,
      spent: { read: 10, join: 5, write: 0 },
    }
    assert.deepEqual(watch.times(), { times })
  })

  it('counts what writing reads and evaluates as reading and joining, and no moment twice', async () => {
    const { watch, pass, spent } = openedWatch()
    const { phases } = watch
    await phases.during('write', async () => {
      pass(1)
      await phases.during('read', async () => pass(20))
      await phases.during('join', async () => {
        pass(300)
        phases.duringSync('read', () => pass(4000))
      })
      pass(50_000)
    })
    assert.deepEqual(spent(), { read: 4030, join: 300, write: 50_001 })
  })

  it('counts reads that overlap once, whichever ends first', async () => {
    const { watch, pass, spent } = openedWatch()
    const waits = [0, 1].map(() => Promise.withResolvers<void>())
    const reads = waits.map(({ promise }) => watch.phases.during('read', () => promise))
    for (const wait of waits) {
      pass(100)
      wait.resolve()
      await Promise.resolve()
    }
    await Promise.all(reads)
    pass(1)
    assert.deepEqual(spent(), { read: 210, join: 1, write: 0 })
  })

  it('goes on after an error', async () => {
    const { watch, pass, spent } = openedWatch()
    const fail = () => {
      pass(2)
      throw new Error('bad page')
    }
    assert.throws(() => watch.phases.duringSync('read', fail))
    await assert.rejects(watch.phases.during('write', async () => fail()))
    pass(3)
    assert.deepEqual(spent(), { read: 12, join: 3, write: 2 })
  })

  it('has phases that are together all of the time, though the clock goes back', async () => {
    const phase = fc.constantFrom('read' as const, 'join' as const, 'write' as const)
    const step = fc.record({ phase, passes: fc.integer({ min: -50, max: 100 }), isWithin: fc.boolean() })
    await fc.assert(
      fc.asyncProperty(fc.array(step), async steps => {
        const { watch, pass } = openedWatch()
        const take = async ([first, ...others]: typeof steps): Promise<void> => {
          if (!first) return
          await watch.phases.during(first.phase, async () => {
            pass(first.passes)
            if (first.isWithin) await take(others)
          })
          if (!first.isWithin) await take(others)
        }
        await take(steps)
        const { times } = watch.times()
        assert(times?.spent)
        const { read, join, write } = times.spent
        assert(read >= 0 && join >= 0 && write >= 0)
        assert.equal(read + join + write, times.written)
      }),
    )
  })
})
