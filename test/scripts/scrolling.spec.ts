import assert from 'node:assert/strict'
import { workByFrame } from '../../scripts/bench/scrolling.ts'

const thread = (tid: number, name: string) => ({ name: 'thread_name', ph: 'M', pid: 1, tid, ts: 0, args: { name } })
const task = (ts: number, tdur: number, tid = 1) => ({ name: 'RunTask', ph: 'X', pid: 1, tid, ts, tdur, args: {} })
const frame = (ts: number, tid = 1) => ({ ...task(ts, 1, tid), name: 'ProxyMain::BeginMainFrame' })

describe('workByFrame', () => {
  it('sums the tasks of the main thread from each frame to the next, in whatever order the trace has them', () => {
    const events = [
      task(5000, 250), // before the first frame
      ...[task(10_000, 4000), frame(10_100), task(15_000, 1000)],
      ...[frame(26_800), { ...frame(26_800), ph: 's' }, task(26_700, 2000)],
      ...[task(12_000, 9000, 2), frame(12_100, 2)],
      ...[thread(1, 'CrRendererMain'), thread(2, 'Compositor')],
    ]
    assert.deepEqual(workByFrame(events), [5, 2])
  })

  it('has nothing to say of a trace without frames', () => {
    assert.deepEqual(workByFrame([thread(1, 'CrRendererMain'), task(1, 1000)]), [])
  })
})
