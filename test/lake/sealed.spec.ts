import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { seal, sealHint, unseal, unsealHint } from '../../functions/lake/sealed.ts'

const HINT = { version: 12, attempt: '20261124T071500Z-00000001', rows: [1, 2], text: 'é {"sha256":"0"} ' }
const encode = (text: string) => new TextEncoder().encode(text)

/** Every way to change one bit. */
function* flips(bytes: Uint8Array<ArrayBuffer>): Iterable<Uint8Array<ArrayBuffer>> {
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const flipped = bytes.slice()
    flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7))
    yield flipped
  }
}

describe('seal()', () => {
  it('ends the JSON with the SHA-256 of all bytes before, as docs/protocol.md says', async () => {
    const bytes = await seal(HINT)
    const { sha256, ...value } = JSON.parse(new TextDecoder().decode(bytes))
    assert.deepEqual(value, HINT)
    assert.equal(sha256, createHash('sha256').update(bytes.subarray(0, -77)).digest('hex'))
    assert.deepEqual(await unseal(bytes), { seal: 'whole', value: { ...HINT, sha256 } })
  })

  it('is broken by every cut and every addition', async () => {
    const bytes = await seal(HINT)
    for (let end = 0; end < bytes.length; end++) assert.equal((await unseal(bytes.slice(0, end))).seal, 'broken')
    for (const more of [' ', '\n', '{}']) {
      const text = new TextDecoder().decode(bytes) + more
      assert.equal((await unseal(encode(text))).seal, 'broken')
    }
  })
})

describe('unseal()', () => {
  it('distinguishes what was never sealed from what is not an object', async () => {
    assert.deepEqual(await unseal(encode('{"version":1}')), { seal: 'none', value: { version: 1 } })
    for (const text of ['', 'null', '[]', '5', '{"version":', '\ufeff{}']) {
      assert.equal((await unseal(encode(text))).seal, 'broken', text)
    }
  })
})

describe('unsealHint()', () => {
  it('reads what sealHint wrote, and refuses a hint with one bit changed', async () => {
    const bytes = await sealHint(HINT)
    assert.deepEqual(await unsealHint(bytes), HINT)
    for (const flipped of flips(bytes)) assert.equal(await unsealHint(flipped), undefined)
  })

  it('takes hints of earlier versions, which had no checksum', async () => {
    assert.deepEqual(await unsealHint(encode('{"format":1,"version":3}')), { version: 3 })
    assert.deepEqual(await unsealHint(encode('{"columns":[]}')), { columns: [] })
    assert.equal(await unsealHint(encode('{"format":2,"version":3}')), undefined)
  })
})
