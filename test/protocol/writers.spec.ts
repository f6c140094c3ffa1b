import assert from 'node:assert/strict'
import { plannedPlace, plannedPlaceOf, writerOf, writerOfFile, writersOf } from '../../functions/protocol/writers.ts'

describe('a batch whose files were packed', () => {
  const writtenBy = { version: 1, attempt: 'writer', committedAt: 'then' }
  const batch = { version: 7, attempt: 'packer', committedAt: 'now', ingestDate: '2026-11-24', batch: 'B' }

  it('was written by the commit that it names, any other by its own', () => {
    assert.deepEqual(writerOf({ ...batch, writtenBy }), writtenBy)
    assert.deepEqual(writerOf(batch), { version: 7, attempt: 'packer', committedAt: 'now' })
  })

  it('has its plan where that commit’s attempt was', () => {
    const place = { ingestDate: '2026-11-24', batch: 'B' }
    assert.deepEqual(plannedPlace({ ...batch, writtenBy }), { ...place, attempt: 'writer' })
    assert.deepEqual(plannedPlace(batch), { ...place, attempt: 'packer' })
  })

  it('has a writer for each batch that was packed into it, and files that name theirs', () => {
    const other = { batch: 'A', version: 0, attempt: 'earlier', committedAt: 'long ago' }
    const own = { batch: 'B', ...writtenBy }
    const merged = { ...batch, writtenBy, writers: [own, other] }
    assert.deepEqual(writersOf(merged), [own, other])
    assert.deepEqual(writersOf({ ...batch, writtenBy }), [own])
    assert.deepEqual(writerOfFile(merged, { batch: 'A' }), other)
    assert.deepEqual(writerOfFile(merged, {}), own)
    assert.deepEqual(writerOfFile({ ...batch, writtenBy }, { batch: 'nobody' }), own)
    assert.deepEqual(plannedPlaceOf(merged, { batch: 'A' }), {
      ingestDate: '2026-11-24',
      batch: 'A',
      attempt: 'earlier',
    })
    assert.deepEqual(plannedPlace({ ...batch, writtenBy: other }), {
      ingestDate: '2026-11-24',
      batch: 'A',
      attempt: 'earlier',
    })
  })
})
