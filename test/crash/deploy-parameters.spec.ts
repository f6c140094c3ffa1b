import assert from 'node:assert/strict'
import { list, packageService } from '../deploy/package.ts'

describe('the packaged service with other parameters', () => {
  it('has a schedule that is off, another prefix, and fewer rights where Athena goes by the Delta log', async function () {
    this.timeout(60_000)
    const lake = ['reviewsPrefix=raw/', 'bucket=my-lake', 'bucketIs=existing']
    const packing = ['compact=true', 'compactSort=product_id']
    const service = await packageService('schedule=false', 'athenaTable=delta', ...packing, ...lake)
    const rules = Object.values(service.resources).filter(({ Type }) => Type === 'AWS::Events::Rule')
    const states = rules.flatMap(({ Properties }) => (Properties.ScheduleExpression ? [Properties.State] : []))
    assert.deepEqual(states, ['DISABLED', 'ENABLED'], 'the schedule of packing is on')
    const { Variables } = service.resources.CompactLambdaFunction?.Properties.Environment ?? assert.fail()
    assert.deepEqual([Variables.ATHENA_TABLE, Variables.COMPACT_SORT], ['delta', 'product_id'])
    assert.equal(service.resources.Lake?.Condition, 'CreatesBucket')
    assert.equal(JSON.parse(service.text).Parameters.BucketIs.Default, 'existing')
    const { Statement } = service.resources.RefreshRole?.Properties.Policies[0]?.PolicyDocument ?? assert.fail()
    assert.deepEqual(
      Statement.flatMap(({ Action }) => list(Action)).filter(action => action.startsWith('glue:')),
      ['GetDatabase', 'GetTable', 'CreateTable', 'UpdateTable', 'GetDatabase', 'CreateDatabase'].map(
        each => `glue:${each}`,
      ),
      'of partitions nothing',
    )
    assert.match(service.text, /:s3:::my-lake\/raw\/\*/)
    assert.doesNotMatch(service.text, /bronze\/reviews/)
    await service.remove()
  })
})
