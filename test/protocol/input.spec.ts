import assert from 'node:assert/strict'
import { DEFAULT_ROOTS } from '../../functions/lake/layout.ts'
import { parseInput } from '../../functions/protocol/input.ts'

const read = (text: string) => parseInput(JSON.parse(text), DEFAULT_ROOTS)

describe('the input of an execution', () => {
  it('has times in UTC: dates, and times with a zone', () => {
    assert.deepEqual(read('{"modifiedFrom": "2024-02-29", "modifiedTo": "2024-03-01T01:30:00.5+01:00"}'), {
      modifiedFrom: '2024-02-29T00:00:00.000Z',
      modifiedTo: '2024-03-01T00:30:00.500Z',
    })
  })

  for (const [text, message] of [
    ['null', 'must be a JSON object such as {} or {"dryRun": true}, not null'],
    ['[]', 'must be a JSON object such as {} or {"dryRun": true}, not []'],
    ['"x"', 'must be a JSON object such as {} or {"dryRun": true}, not "x"'],
    [
      '{"colour": 1}',
      'there is no field colour; there are prefix, modifiedFrom, modifiedTo, reprocess, quarantined, dryRun',
    ],
    ['{"prefx": "bronze/reviews/"}', 'there is no field prefx; did you mean prefix?'],
    ['{"prefix": 1}', 'prefix must be a text, not 1'],
    ['{"prefix": "silver/"}', 'prefix must lie under bronze/reviews/ without "." or ".." segments'],
    ['{"prefix": "bronze/reviews/\\ud800"}', 'prefix is not valid Unicode: "bronze/reviews/\\ud800"'],
    [
      `{"prefix": "bronze/reviews/${'x'.repeat(1010)}"}`,
      `prefix is over 1,024 bytes, longer than any key: "bronze/reviews/${'x'.repeat(64)}`,
    ],
    ['{"dryRun": "yes"}', 'dryRun must be true or false, not "yes"'],
    ['{"quarantined": false}', 'quarantined must be true, not false'],
    ['{"modifiedFrom": "2024-02-31"}', 'modifiedFrom: there is no such time as "2024-02-31"'],
    ['{"modifiedFrom": "2024-02-31T00:00:00Z"}', 'modifiedFrom: there is no such time as "2024-02-31T00:00:00Z"'],
    ['{"modifiedFrom": "2024-01-01T24:30:00Z"}', 'modifiedFrom: there is no such time as "2024-01-01T24:30:00Z"'],
    [
      '{"modifiedTo": "2024-02-01T12:00:00"}',
      'modifiedTo: needs a zone, such as 2026-11-24T07:15:00Z, or a date: it is "2024-02-01T12:00:00"',
    ],
    [
      '{"modifiedTo": "1 May 2024"}',
      'modifiedTo: must be an ISO 8601 time, such as 2026-11-24T07:15:00Z, or a date: it is "1 May 2024"',
    ],
    ['{"modifiedFrom": "2024-03-01", "modifiedTo": "2024-03-01"}', 'modifiedFrom must be before modifiedTo'],
    ['{"reprocess": {"batches": []}}', 'reprocess.batches: must name at least one batch'],
    ['{"reprocess": {"batches": ["x"]}}', 'reprocess.batches.0: must be a batch id such as 20261124T071500Z-3f9a12cd'],
    [
      '{"reprocess": {"from": "2024-02-31", "to": "2024-03-01"}}',
      'reprocess.from: there is no such time as "2024-02-31"',
    ],
    ['{"reprocess": {"from": "2030-01-01", "to": "2020-01-01"}}', 'reprocess.from must be before reprocess.to'],
    [
      '{"reprocess": {"from": "2024-02-01"}}',
      'reprocess must be {"batches": ["…"]}, {"from": "…", "to": "…"}, {"all": true} or {"changed": true}, not {"from":"2024-02-01"}',
    ],
    [
      '{"reprocess": {"changed": true}, "prefix": "bronze/reviews/"}',
      'reprocess cannot be combined with another condition',
    ],
  ] as const) {
    it(`is refused: ${text}`, () => {
      assert.throws(() => read(text), { name: 'InvalidInput', message: `execution input: ${message}` })
    })
  }
})
