import assert from 'node:assert/strict'
import fc from 'fast-check'
import { canvasHeight, movedPlace, placeAt, TALLEST } from '../../../../scripts/console/web/table/scroll-place.ts'

const box = 600
const short = { content: 330_000, box }
const tall = { content: 33_000_000, box }
const start = { scrollTop: 0, top: 0 }

describe('a scrolled content that is not too tall for a browser', () => {
  it('is where the browser has it', () => {
    assert.equal(canvasHeight(short), 330_000)
    assert.deepEqual(movedPlace(start, 1234, short), { scrollTop: 1234, top: 1234 })
    assert.deepEqual(placeAt(1234, short), { scrollTop: 1234, top: 1234 })
  })

  it('has no place beyond its end', () => {
    assert.deepEqual(placeAt(400_000, short), { scrollTop: 329_400, top: 329_400 })
    assert.deepEqual(placeAt(10, { content: 300, box }), { scrollTop: 0, top: 0 })
  })
})

describe('a scrolled content that is too tall for a browser', () => {
  it('has a canvas that is not', () => {
    assert.equal(canvasHeight(tall), TALLEST)
  })

  it('moves by the pixel on short ways, and by the share of the canvas on long ones', () => {
    const middle = movedPlace(start, 4_000_000, tall)
    assert(Math.abs(middle.top - 16_500_000) < 2000)
    assert.equal(movedPlace(middle, 4_000_033, tall).top, middle.top + 33)
  })

  it('has its first and last pixel at the ends of the canvas, however it came there', () => {
    const end = TALLEST - box
    const wandered = { scrollTop: end - 100, top: 20_000_000 }
    assert.equal(movedPlace(wandered, end, tall).top, tall.content - box)
    assert.equal(movedPlace({ scrollTop: 100, top: 7000 }, 0, tall).top, 0)
  })

  it('is the same as its canvas near the ends, so that a small move leads to none', () => {
    const huge = { content: 33e9, box }
    const scrolled = movedPlace(start, 9000, huge)
    assert.deepEqual([scrolled.top, placeAt(9000, huge)], [9000, { scrollTop: 9000, top: 9000 }])
    const end = huge.content - box
    assert.deepEqual(placeAt(end - 33, huge), { scrollTop: TALLEST - box - 33, top: end - 33 })
    assert.equal(movedPlace(placeAt(1e6, huge), 12_000, huge).top, 1e6 + 12_000 - placeAt(1e6, huge).scrollTop)
  })

  it('is found again at any of its pixels', () => {
    const size = { content: 33e9, box }
    fc.assert(
      fc.property(fc.nat(33e9 - box), top => {
        const { scrollTop } = placeAt(top, size)
        assert(Math.abs(movedPlace(start, scrollTop, size).top - top) < 1)
      }),
    )
  })

  it('never leaves itself', () => {
    const size = fc.record({ content: fc.integer({ min: 1, max: 4e7 }), box: fc.integer({ min: 1, max: 2000 }) })
    fc.assert(
      fc.property(size, fc.array(fc.nat(TALLEST)), (size, moves) => {
        let place = start
        for (const to of moves) {
          place = movedPlace(place, to, size)
          assert(place.top >= 0 && place.top <= Math.max(0, size.content - size.box))
          const again = placeAt(place.top, size)
          assert(again.scrollTop >= 0 && again.scrollTop <= Math.max(0, canvasHeight(size) - size.box) + 1e-6)
          assert.equal(again.top, place.top)
        }
      }),
    )
  })
})
