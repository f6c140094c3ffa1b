import assert from 'node:assert/strict'
import { differenceOf } from './expected-output.ts'

describe('what a page shows, and what a command prints', () => {
  it('may differ in times, ids, durations, sizes and the width of columns', () => {
    const shown = '✓ Plan    21 ms  1 file, 2.5 kB\nbatch  20261124T123959Z-a7a6df16 (2026-11-24T12:39)\n─────  ───\n'
    const printed = '✓ Plan 1.4 s  1 file, 997 B\nbatch 20261130T110633Z-9c6e2c26 (2026-11-30T11:06)\n───────  ─\n'
    assert.equal(differenceOf(shown, printed), undefined)
  })

  it('may not differ in anything else', () => {
    assert.equal(differenceOf('read 20 files', 'read 21 files'), 'not printed: read 20 files')
    assert.equal(differenceOf('one\ntwo', 'one'), 'not printed: two')
    assert.equal(differenceOf('one', 'one\ntwo'), 'printed, and not shown: two')
    assert.equal(differenceOf('one\nthree', 'one\ntwo\nthree'), 'not printed: three')
  })

  it('leaves out lines where … stands, and the rest of a line that ends with it', () => {
    assert.equal(differenceOf('…\ntwo\n…', 'one\ntwo\nthree'), undefined)
    assert.equal(differenceOf('one\n…\nfour', 'one\ntwo\nthree\nfour'), undefined)
    assert.equal(differenceOf('http://localhost:…', 'http://localhost:4870/'), undefined)
    assert.equal(differenceOf('…\nfive\n…', 'one\ntwo'), 'not printed: five')
    assert.equal(differenceOf('…\ntwo\none\n…', 'one\ntwo'), 'not printed: one')
  })
})
