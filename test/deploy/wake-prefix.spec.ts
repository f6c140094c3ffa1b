import assert from 'node:assert/strict'
import { wakePrefixFault } from '../../scripts/deploy/wake-prefix.ts'

const environment = {
  REVIEWS_PREFIX: 'bronze/reviews/',
  CUSTOMERS_PREFIX: 'bronze/customers/',
  SILVER_PREFIX: 'silver/reviews/',
}

describe('the prefix whose objects wake the pipeline', () => {
  const fault = (wakePrefix: string, others = {}, wake = 'on') =>
    wakePrefixFault({ wake, wakePrefix, environment: { ...environment, ...others } })

  it('has all of bronze under it, and nothing of silver', () => {
    assert.equal(fault('bronze/'), undefined)
    assert.match(
      fault('') ?? '',
      /^wakePrefix {2}and silverPrefix silver\/reviews\/ overlap, so that the pipeline would wake/,
    )
    assert.match(fault('silver/') ?? '', /overlap/)
    assert.match(fault('silver/reviews/bronze/') ?? '', /overlap/)
    assert.match(fault('bronze/reviews/') ?? '', /^bronze\/customers\/ is not under wakePrefix bronze\/reviews\//)
    assert.match(fault('bronze/', { REVIEWS_PREFIX: 'raw/' }) ?? '', /^raw\/ is not under wakePrefix bronze\//)
  })

  it('is not looked at where files wake nothing', () => {
    assert.equal(fault('', {}, 'off'), undefined)
  })
})
