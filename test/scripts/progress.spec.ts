import assert from 'node:assert/strict'
import { Progress, type Screen } from '../../scripts/progress.ts'

/** Shows a run of two items, of which one is joined after two seconds, and returns what was written. */
function shown(screen: Omit<Screen, 'write'>): string {
  let text = ''
  let now = 0
  const write = (part: string) => {
    text += part
  }
  const progress = new Progress({ ...screen, write }, () => now)
  const work = { files: 1, bytes: 1000, rows: 1, items: 1 }
  progress.watch({ type: 'entered', state: 'Plan' })
  progress.watch({ type: 'left', state: 'Plan', output: { work } })
  progress.watch({ type: 'entered', state: 'JoinFiles' })
  now = 2000
  progress.watch({ type: 'item', done: 1, total: 2 })
  progress.watch({ type: 'left', state: 'JoinFiles', output: {} })
  progress.watch({ type: 'entered', state: 'RefreshPartitions' })
  progress.watch({ type: 'left', state: 'RefreshPartitions', output: {} })
  return text
}

describe('progress', () => {
  it('is plain lines without blanks at their ends where no terminal is', () => {
    assert.deepEqual(shown({}).split('\n'), [
      '→ Plan',
      '✓ Plan                   0 ms  1 file, 1.0 kB, 1 row in 1 item',
      '→ JoinFiles',
      '  1/2 items, 2.0 s left',
      '✓ JoinFiles             2.0 s  1 item',
      '→ RefreshPartitions',
      '✓ RefreshPartitions      0 ms',
      '',
    ])
  })

  it('says whom it waits for', () => {
    let text = ''
    const write = (part: string) => {
      text += part
    }
    new Progress({ write }).watch({ type: 'waits', execution: 'local:elsewhere' })
    assert.equal(text, '  waiting up to half a minute to see whether local:elsewhere is at work\n')
  })

  it('is a bar that fits the terminal', () => {
    for (const columns of [20, 40, 200]) {
      const bars = shown({ isTTY: true, columns }).match(/ {2}[█░]+[^\n\r]*/g) ?? []
      assert.equal(bars.length, 1)
      for (const bar of bars) assert(bar.length < columns, bar)
    }
  })
})
