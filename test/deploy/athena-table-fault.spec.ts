import assert from 'node:assert/strict'
import { athenaTableFault } from '../../scripts/deploy/athena-table-fault.ts'

describe("what Athena's table goes by", () => {
  it('is the partitions, or a Delta log that is written', () => {
    const fault = (athenaTable: string, delta: boolean | string) => athenaTableFault({ athenaTable, delta })
    for (const delta of [true, 'true']) {
      assert.equal(fault('partitions', delta), undefined)
      assert.equal(fault('delta', delta), undefined)
    }
    assert.equal(fault('partitions', false), undefined)
    assert.equal(
      fault('delta', false),
      'athenaTable: delta lets Athena read the Delta log, which delta: false switches off: set delta to true',
    )
    assert.equal(fault('both', 'true'), 'athenaTable is partitions or delta, not "both"')
  })
})
