import assert from 'node:assert/strict'
import { StoreUnavailable } from '../../functions/base/errors.ts'
import {
  type ClaimContext,
  keepClaim,
  LakeClaim,
  LEASE,
  type Patience,
  readClaim,
  releaseClaim,
  renewClaim,
} from '../../functions/lake/claim.ts'
import { Layout } from '../../functions/lake/layout.ts'
import { Faults, faultyStore } from '../support/faulty-store.ts'
import { MemoryStore } from '../support/memory-store.ts'

const layout = new Layout()
const running = (...executions: string[]) => ({
  isRunning: async (execution: string) => executions.includes(execution),
})
/** Nothing is known of any execution. */
const unknown = { isRunning: async () => undefined }
const patient = { patient: true }

/** Time that passes only while somebody waits, with what happens meanwhile. */
class Time implements Patience {
  passed = 0
  readonly waitedFor: string[] = []
  readonly #meanwhile: (passed: number) => Promise<unknown>
  constructor(meanwhile: (passed: number) => Promise<unknown> = async () => undefined) {
    this.#meanwhile = meanwhile
  }
  now(): number {
    return this.passed
  }
  async wait(milliseconds: number): Promise<void> {
    this.passed += milliseconds
    await this.#meanwhile(this.passed)
  }
  waitsFor(execution: string): void {
    this.waitedFor.push(execution)
  }
}

describe('the claim', () => {
  let store: MemoryStore
  beforeEach(() => {
    store = new MemoryStore()
  })
  const claim = (execution: string, executions: ClaimContext['executions'], patience?: Patience) =>
    new LakeClaim({ store, layout, execution, executions, patience })
  const place = (execution: string) => ({ store, layout, execution })
  const put = (text: string) => store.put(layout.claim, new TextEncoder().encode(text))

  it('is held by the first to take it, who can take it again', async () => {
    assert.deepEqual(await claim('a', running('a', 'b')).take(patient), { held: true })
    assert.deepEqual(await claim('b', running('a', 'b')).take(patient), { held: false, by: 'a' })
    assert.equal(await claim('b', running('a', 'b')).heldByOther(), 'a')
    assert.deepEqual(await claim('a', running('a', 'b')).take(patient), { held: true })
    assert.equal(await claim('a', running('a', 'b')).heldByOther(), undefined)
  })

  it('is taken over at once from an execution that has ended', async () => {
    await claim('a', running('a')).take(patient)
    assert.deepEqual(await claim('b', running('b')).take(patient), { held: true })
    assert.equal((await readClaim(store, layout))?.execution, 'b')
  })

  it('has one holder among many that take over the same dead claim', async () => {
    await claim('dead', running()).take(patient)
    const names = Array.from({ length: 10 }, (_, i) => `execution-${i}`)
    const outcomes = await Promise.all(names.map(name => claim(name, running(...names)).take(patient)))
    assert.equal(outcomes.filter(({ held }) => held).length, 1)
    const holder = names[outcomes.findIndex(({ held }) => held)]
    for (const outcome of outcomes) if (!outcome.held) assert.equal(outcome.by, holder)
  })

  it('ignores a claim that is not a claim', async () => {
    for (const text of ['', 'null', '{}', '{"execution": 5}', '{"execu', '[]', '5']) {
      await put(text)
      assert.deepEqual(await claim('a', unknown).take(patient), { held: true }, text)
    }
  })

  it('is free for everyone as soon as it is released', async () => {
    await claim('a', unknown).take(patient)
    await releaseClaim(place('a'))
    const time = new Time()
    assert.equal(await claim('b', unknown, time).heldByOther(), undefined)
    assert.deepEqual(await claim('b', unknown, time).take(patient), { held: true })
    assert.equal(time.passed, 0)
  })

  it('is only released and renewed by its holder', async () => {
    await claim('a', unknown).take(patient)
    const before = await readClaim(store, layout)
    for (const act of [renewClaim, releaseClaim]) await act(place('b'))
    assert.deepEqual(await readClaim(store, layout), before)
    await renewClaim(place('a'))
    assert.notEqual((await readClaim(store, layout))?.etag, before?.etag)
  })

  it('of a dead holder, if nobody knows, is free within a minute, and is watched once', async () => {
    await claim('a', unknown).take(patient)
    const time = new Time()
    const mine = claim('b', unknown, time)
    assert.equal(await mine.heldByOther(), undefined)
    assert.deepEqual(await mine.take(patient), { held: true })
    assert(time.passed >= LEASE && time.passed <= 60_000, `${time.passed}`)
    assert.deepEqual(time.waitedFor, ['a'])
  })

  it('of a holder, if nobody knows whether it runs, holds while it is renewed, which is seen at once', async () => {
    await claim('a', unknown).take(patient)
    const time = new Time(async passed => passed === 5000 && (await renewClaim(place('a'))))
    assert.equal(await claim('b', unknown, time).heldByOther(), 'a')
    assert.deepEqual(await claim('b', unknown, new Time(() => renewClaim(place('a')))).take(patient), {
      held: false,
      by: 'a',
    })
    assert.equal(time.passed, 5000)
  })

  it('that is released or taken by another while it is watched is looked at again', async () => {
    await claim('a', unknown).take(patient)
    const released = new Time(() => releaseClaim(place('a')))
    assert.deepEqual(await claim('b', unknown, released).take(patient), { held: true })
    assert.equal(released.passed, 1000)
    const taken = new Time(async passed => passed === 1000 && (await claim('c', running()).take(patient)))
    const knowsC = { isRunning: async (execution: string) => (execution === 'c' ? true : undefined) }
    assert.equal(await claim('d', knowsC, taken).heldByOther(), 'c')
    assert.equal(taken.passed, 1000)
  })

  it('is never judged by a time that another host wrote', async () => {
    const years = 5 * 365 * 86_400_000
    for (const time of [Date.now() + years, Date.now() - years]) {
      await put(JSON.stringify({ format: 1, execution: `local:elsewhere:1:1:${time}:x` }))
      const patience = new Time()
      assert.deepEqual(await claim('b', unknown, patience).take(patient), { held: true })
      assert.equal(patience.passed, LEASE)
    }
  })

  it('is not waited for by those who work alongside: an unknown holder keeps it', async () => {
    await claim('a', unknown).take(patient)
    const time = new Time()
    assert.deepEqual(await claim('b', unknown, time).take({ patient: false }), { held: false, by: 'a' })
    assert.equal(time.passed, 0)
  })

  it('of earlier versions is understood', async () => {
    await put('{"format":1,"execution":"a"}')
    assert.equal(await claim('b', running('a')).heldByOther(), 'a')
    assert.deepEqual(await claim('a', running('a')).take(patient), { held: true })
  })

  it('is renewed while its holder works, and released afterwards, however the work ended', async () => {
    for (const fails of [false, true]) {
      const work = keepClaim(
        place('a'),
        async () => {
          await claim('a', unknown).take(patient)
          const first = (await readClaim(store, layout))?.renewals ?? 0
          while (((await readClaim(store, layout))?.renewals ?? 0) < first + 3) await new Promise(setImmediate)
          if (fails) throw new Error('the work failed')
          return 'done'
        },
        1,
      )
      if (fails) await assert.rejects(work, { message: 'the work failed' })
      else assert.equal(await work, 'done')
      assert.equal((await readClaim(store, layout))?.execution, undefined)
    }
  })

  it('does not fail the work when the store fails, and writes nothing if nothing was claimed', async () => {
    const away = new Faults(() => ({ when: 'before', error: new StoreUnavailable('S3 is away') }))
    const broken = { ...place('a'), store: faultyStore(store, away) }
    assert.equal(await keepClaim(broken, async () => 'done'), 'done')
    assert(away.count > 0)
    assert.equal(await keepClaim(place('a'), async () => 'done'), 'done')
    assert.equal(store.objects.size, 0)
  })
})
