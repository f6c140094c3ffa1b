import assert from 'node:assert/strict'
import { StoreUnavailable } from '../../functions/base/errors.ts'
import { Progress } from '../../scripts/terminal/progress.ts'
import { clearStatus, type Screen, StatusLine } from '../../scripts/terminal/status-line.ts'

/** Shows a run of two items, of which one is joined after six seconds, and returns what was written. */
function shown(screen: Omit<Screen, 'write'>): string {
  let text = ''
  let now = 0
  const read = { progress: { bytes: 0, rows: 0 } }
  const write = (part: string) => {
    text += part
  }
  const progress = new Progress({ ...screen, write }, { clock: () => now, items: read })
  const work = { files: 1, bytes: 4000, rows: 40, items: 2 }
  progress.watch({ type: 'entered', state: 'Plan' })
  progress.watch({ type: 'left', state: 'Plan', output: { work } })
  progress.watch({ type: 'entered', state: 'JoinFiles' })
  progress.watch({ type: 'item', done: 0, total: 2 })
  now = 5000
  read.progress = { bytes: 1000, rows: 10 }
  progress.tick()
  progress.tick()
  now = 10_000
  read.progress = { bytes: 3000, rows: 30 }
  progress.watch({ type: 'item', done: 1, total: 2 })
  progress.watch({ type: 'retried', state: 'Join', error: new StoreUnavailable('the directory failed') })
  progress.watch({ type: 'left', state: 'JoinFiles', output: {} })
  progress.watch({ type: 'entered', state: 'RefreshPartitions' })
  now = 15_000
  progress.tick()
  progress.watch({ type: 'left', state: 'RefreshPartitions', output: {} })
  return text
}

describe('progress', () => {
  const { TERM } = process.env
  beforeEach(() => {
    process.env.TERM = 'xterm'
  })
  afterEach(() => {
    if (TERM === undefined) delete process.env.TERM
    else process.env.TERM = TERM
  })

  it('is plain lines where no terminal is: bytes and rows within an item, a clock, an estimate, why it is retried', () => {
    assert.deepEqual(shown({}).split('\n'), [
      '→ Plan',
      '✓ Plan                   0 ms  1 file, 4.0 kB, 40 rows in 2 items',
      '→ JoinFiles',
      '  0/2 items, 1.0 kB of 4.0 kB, 10 rows, 2 rows/s, 5.0 s, 15.0 s left',
      '  1/2 items, 3.0 kB of 4.0 kB, 30 rows, 3 rows/s, 10.0 s, 3.3 s left',
      '  Join failed and is retried: StoreUnavailable: the directory failed (docs/troubleshooting.md#storeunavailable)',
      '✓ JoinFiles            10.0 s  30 rows, 3 rows/s',
      '→ RefreshPartitions',
      '  5.0 s',
      '✓ RefreshPartitions     5.0 s',
      '',
    ])
  })

  it('says whom it waits for', () => {
    let text = ''
    const write = (part: string) => {
      text += part
    }
    new Progress({ write }).watch({ type: 'waits', execution: 'local:elsewhere' })
    assert.equal(text, '  waiting up to half a minute to see whether local:elsewhere is running\n')
  })

  it('is a bar that fits the terminal, and moves within an item', () => {
    for (const columns of [20, 40, 60, 80, 120, 200]) {
      const bars = shown({ isTTY: true, columns }).match(/ {2}[█░]+[^\n\r]*/g) ?? []
      assert.equal(new Set(bars).size, 3)
      for (const bar of bars) assert(bar.length < columns, bar)
    }
  })

  it('leaves out what there is no room for, whole, and the time that remains last', () => {
    const last = (columns: number) =>
      shown({ isTTY: true, columns })
        .match(/ {2}[█░]+ [^\n\r]*/g)
        ?.at(-1)
        ?.replace(/ {2}[█░]+ /, '')
    assert.equal(last(120), '1/2 items, 3.0 kB of 4.0 kB, 30 rows, 3 rows/s, 10.0 s, 3.3 s left')
    assert.equal(last(80), '1/2 items, 3.0 kB of 4.0 kB, 30 rows, 3 rows/s, 10.0 s, 3.3 s left')
    assert.equal(last(60), '1/2 items, 3 rows/s, 10.0 s, 3.3 s left')
    assert.equal(last(40), '1/2 items, 3.3 s left')
    assert.equal(last(20), '1/2 items')
  })

  it('takes a terminal that does not know its width for one of 80 columns, and cuts nothing there', () => {
    const text = shown({ isTTY: true, columns: 0 })
    assert.equal(text, shown({ isTTY: true, columns: 80 }))
    assert.match(text, /3\.3 s left\r/)
  })

  it('has no colours, and moves nothing on a dumb terminal', () => {
    const moves = shown({ isTTY: true, columns: 80 }).split('\u001b').slice(1)
    assert(moves.length > 0 && moves.every(each => each.startsWith('[2K')))
    process.env.TERM = 'dumb'
    assert.equal(shown({ isTTY: true, columns: 80 }), shown({}))
  })

  it('gives way to what is printed meanwhile, and is gone at the end', async () => {
    let text = ''
    const write = (part: string) => {
      text += part
    }
    const status = new StatusLine({ isTTY: true, columns: 80, write })
    status.show(0.5, ['half'])
    clearStatus()
    clearStatus()
    assert.equal(text, `\r\u001b[2K  ${'█'.repeat(12)}${'░'.repeat(12)} half\r\u001b[2K`)
    text = ''
    const progress = new Progress({ isTTY: true, columns: 80, write }, { clock: () => 0 })
    await progress.during(async () => {
      progress.watch({ type: 'entered', state: 'join' })
      progress.watch({ type: 'item', done: 0, total: 4 })
    })
    assert.equal(text, `→ join\n\r\u001b[2K  ${'░'.repeat(24)} 0/4 items, 0 ms\r\u001b[2K`)
  })
})
