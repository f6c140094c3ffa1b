import assert from 'node:assert/strict'
import { afterDeploy, type Deployed } from '../../scripts/deploy/after-deploy.ts'
import { stageNameFault } from '../../scripts/lakes/stage/stage-name.ts'
import { blocksOf } from '../docs/page.ts'
import { differenceOf } from '../tutorial/expected-output.ts'

const DEPLOYED: Deployed = {
  ...{ stage: 'dev', region: 'eu-central-1', accountId: '111122223333', partition: 'aws', bucket: 'our-lake' },
  ...{ name: 'silversmith-dev', machine: 'silversmith-dev-silver', database: 'silversmith_dev', table: 'reviews' },
  ...{ kept: false, isMonitored: true, tellsSomebody: false },
}

describe('afterDeploy()', () => {
  it('says where things are, and what comes next', () => {
    assert.deepEqual(afterDeploy({ ...DEPLOYED, tellsSomebody: true }), [
      '',
      'bucket     s3://our-lake',
      'table      silversmith_dev.reviews, made by the first run',
      'machine    https://eu-central-1.console.aws.amazon.com/states/home?region=eu-central-1#/statemachines/view/arn:aws:states:eu-central-1:111122223333:stateMachine:silversmith-dev-silver',
      'athena     https://eu-central-1.console.aws.amazon.com/athena/home?region=eu-central-1#/query-editor (workgroup silversmith-dev)',
      'dashboard  https://eu-central-1.console.aws.amazon.com/cloudwatch/home?region=eu-central-1#dashboards/dashboard/silversmith-dev',
      '',
      'next       put bronze files into the bucket, then: npx silversmith backfill --stage dev',
    ])
  })

  it('is shown in the tutorial', () => {
    const shown = blocksOf('docs/tutorial.md').find(
      ({ section, language }) => section === '10. Deploy' && language === 'text',
    )
    const printed = afterDeploy({ ...DEPLOYED, bucket: 'silversmith-dev-111122223333-eu-central-1' })
    assert.equal(differenceOf(shown?.body ?? '', `deployed\n${printed.join('\n')}`), undefined)
  })

  it('says that alarms tell nobody, unless there are none', () => {
    const line = 'alarms     tell nobody yet: deploy with --param="alarmEmail=you@example.com"'
    assert(afterDeploy(DEPLOYED).includes(line))
    assert(!afterDeploy({ ...DEPLOYED, isMonitored: false }).includes(line))
  })

  it('says that the bucket is from before', () => {
    assert.match(afterDeploy({ ...DEPLOYED, kept: true })[1] ?? '', /our-lake, which an earlier deployment left/)
  })
})

describe('stageNameFault()', () => {
  for (const name of ['dev', 'prod2', 'a'.repeat(20)]) {
    it(`takes ${name}`, () => assert.equal(stageNameFault(name), undefined))
  }
  for (const name of ['my-team', 'Prod', '', 'a'.repeat(21), 'dev ', 'dév']) {
    it(`refuses ${JSON.stringify(name)}`, () =>
      assert.match(stageNameFault(name) ?? '', /lower-case letters and digits/))
  }
})
