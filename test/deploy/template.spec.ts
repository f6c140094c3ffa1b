import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { list, type Packaged, packageService, packedSize, type Resource } from './package.ts'
import { BUCKET, HIDDEN, PREFIXES, shorten, statementsOf, WITHOUT_RESOURCE } from './rights.ts'

describe('the packaged service', () => {
  let service: Packaged
  let resources: [string, Resource][]
  const all = (type: string) => resources.filter(([, resource]) => resource.Type === type)
  const one = (name: string) => service.resources[name] ?? assert.fail(`no resource ${name}`)
  const statements = () => statementsOf(all('AWS::IAM::Role'))

  before(async function () {
    this.timeout(60_000)
    service = await packageService()
    resources = Object.entries(service.resources)
  })
  after(() => service.remove())

  it('runs each worker on Node 24 on arm64, with a role of its own', () => {
    const functions = all('AWS::Lambda::Function')
    assert.equal(functions.length, 7)
    for (const [name, { Properties }] of functions) {
      assert.deepEqual([Properties.Runtime, Properties.Architectures], ['nodejs24.x', ['arm64']], name)
      assert.deepEqual(Properties.TracingConfig, { Mode: 'Active' })
    }
    assert.equal(new Set(functions.map(([, { Properties }]) => Properties.Role)).size, 7)
  })

  it('gives no right by a wildcard: actions are named, objects have a prefix', () => {
    assert(statements().length > 40)
    for (const { role, Sid, Effect, Action, Resource } of statements()) {
      const where = `${role}, ${Sid}`
      assert.equal(Effect, 'Allow', where)
      for (const action of list(Action)) assert.match(action, /^[a-z0-9]+:[A-Za-z]+$/, where)
      for (const resource of list(Resource)) {
        if (WITHOUT_RESOURCE.includes(Sid)) assert.equal(resource, '*')
        else assert(resource.startsWith('arn:aws:') || resource.startsWith('<'), `${where}: ${resource}`)
        if (!resource.startsWith('arn:aws:s3:::') || resource === BUCKET) continue
        const key = resource.slice(BUCKET.length + 1)
        const prefix = PREFIXES.find(each => key.startsWith(each.replace('*', '')))
        assert(resource.startsWith(`${BUCKET}/`) && prefix, `${where}: ${resource}`)
      }
    }
  })

  it('lets Commit and Compact alone write the log, they and Join the attempts, and nobody bronze', () => {
    const writers = (key: string) =>
      statements()
        .filter(({ Action }) => list(Action).some(action => /^s3:(Put|Delete)/.test(action)))
        .filter(({ Resource }) => list(Resource).some(each => each.startsWith(`${BUCKET}/${key}`)))
        .map(({ role, Sid }) => `${role}.${Sid}`)
    assert.deepEqual(writers('bronze/'), [])
    assert.deepEqual(
      writers(`${HIDDEN}log/`),
      ['Commit', 'Compact'].flatMap(name => [`${name}Role.Commit`, `${name}Role.Snapshots`]),
    )
    const join = ['JoinRole.WriteResults', 'JoinRole.UploadResults']
    assert.deepEqual(writers('silver/reviews/ingest_date='), [
      ...join,
      ...['WriteSilver', 'UploadSilver', 'RemoveUncommitted'].map(sid => `CompactRole.${sid}`),
    ])
    assert.deepEqual(writers(`${HIDDEN}parked/`), join)
    assert.deepEqual(writers(`${HIDDEN}rejected/`), join)
    assert.deepEqual(writers(`${HIDDEN}runs/`), ['PlanRole.WritePlans', 'CommitRole.Reports'])
    assert.deepEqual(writers(`${HIDDEN}customers/`), [
      'LoadDimensionsRole.WriteSnapshots',
      'LoadDimensionsRole.UploadSnapshots',
    ])
    const sink = ['PlanRole.StartSparkMetadata', 'RefreshRole.WriteSparkMetadata']
    assert.deepEqual(writers('silver/reviews/_spark_metadata/'), sink)
    assert.deepEqual(writers('silver/reviews/_delta_log/'), [
      'RefreshRole.WriteDelta',
      'RefreshRole.WriteDeltaCheckpoints',
    ])
  })

  it('lets nobody overwrite what is written once', () => {
    /** Caches, hints and the claim: each is written over by its own rules. */
    const overwritten = [
      ...['log/*.ndjson.gz', 'claim.json', 'published.json', 'spark-metadata.json'].map(name => HIDDEN + name),
      ...['*.checkpoint.parquet', '_last_checkpoint'].map(name => `silver/reviews/_delta_log/${name}`),
    ].map(key => `${BUCKET}/${key}`)
    const once = { Null: { 's3:if-none-match': false } }
    // an upload's other requests can't have the header, and create no object
    const part = { Bool: { 's3:ObjectCreationOperation': false } }
    const puts = statements().filter(({ Action }) => list(Action).includes('s3:PutObject'))
    for (const { role, Sid, Action, Resource, Condition } of puts) {
      if (list(Resource).every(each => overwritten.includes(each) || each.includes('/athena-results/'))) continue
      assert.deepEqual(Action, 's3:PutObject', `${role}.${Sid}: other actions never have the condition`)
      assert.deepEqual(Condition, Sid.startsWith('Upload') ? part : once, `${role}.${Sid}`)
    }
    assert.equal(puts.length, 19)
  })

  it('lets each role be taken by its one service', () => {
    for (const [name, { Properties }] of all('AWS::IAM::Role')) {
      const [statement] = Properties.AssumeRolePolicyDocument.Statement
      assert.equal(statement?.Action, 'sts:AssumeRole', name)
      assert.match(statement?.Principal?.Service ?? '', /^(lambda|states|events)\.amazonaws\.com$/, name)
    }
  })

  it('has no bucket that is public, in clear text or open without TLS', () => {
    const buckets = all('AWS::S3::Bucket')
    assert.equal(buckets.length, 2)
    for (const [name, { Properties }] of buckets) {
      const blocked = Object.values(Properties.PublicAccessBlockConfiguration)
      assert.deepEqual(blocked, [true, true, true, true], name)
      assert(Properties.BucketEncryption.ServerSideEncryptionConfiguration.length > 0, name)
    }
    const policies = all('AWS::S3::BucketPolicy')
    assert.equal(policies.length, 2)
    for (const [name, { Properties }] of policies) {
      for (const { Effect, Action, Condition } of Properties.PolicyDocument.Statement) {
        assert.deepEqual([Effect, Action], ['Deny', 's3:*'], name)
        assert.equal(Condition?.Bool?.['aws:SecureTransport'], false)
      }
    }
  })

  it('keeps the lake when the stack goes, and removes from it what has had its time', () => {
    const { Properties, ...lake } = one('Lake') as Resource & { readonly DeletionPolicy?: string }
    assert.equal(lake.DeletionPolicy, 'Retain')
    const rules = Properties.LifecycleConfiguration.Rules
    assert.deepEqual(
      rules.map(({ Prefix, ExpirationInDays, AbortIncompleteMultipartUpload }) => [
        Prefix,
        ExpirationInDays ?? AbortIncompleteMultipartUpload,
      ]),
      [
        [`${HIDDEN}runs/`, 30],
        ['athena-results/silversmith-dev/', 7],
        [undefined, { DaysAfterInitiation: 7 }],
        ['silver/reviews/', undefined],
        ['athena-results/silversmith-dev/', undefined],
      ],
    )
    // in a bucket that keeps versions, what vacuum and these rules delete is there until then
    const noncurrent = rules.filter(({ NoncurrentVersionExpiration }) => NoncurrentVersionExpiration !== undefined)
    assert.deepEqual(
      noncurrent.map(each => [each.Prefix, each.NoncurrentVersionExpiration, each.ExpiredObjectDeleteMarker]),
      [
        ['silver/reviews/', { NoncurrentDays: 30 }, true],
        ['athena-results/silversmith-dev/', { NoncurrentDays: 30 }, true],
      ],
    )
  })

  it('holds no secret', () => {
    assert.doesNotMatch(service.text, /AKIA[0-9A-Z]{16}|-----BEGIN|password/i)
    for (const [name, { Properties }] of all('AWS::Lambda::Function')) {
      const secrets = Object.keys(Properties.Environment.Variables).filter(key => /TOKEN|SECRET|PASSWORD/i.test(key))
      assert.deepEqual(secrets, [], name)
    }
  })

  it('runs executions of the state machine with the exact versions of the workers, traced and logged', () => {
    const { Properties } = one('Machine')
    const [, calls] = Properties.DefinitionString['Fn::Sub']
    assert.equal(Object.keys(calls).length, 5)
    for (const version of Object.values(calls)) {
      assert.equal(one(String(version).slice(1, -1)).Type, 'AWS::Lambda::Version')
    }
    assert.deepEqual(Properties.TracingConfiguration, { Enabled: true })
    assert.equal(Properties.LoggingConfiguration.Level, 'ERROR')
    assert.equal(Properties.RoleArn, '<MachineRole.Arn>')
  })

  it('is driven by a schedule that sends {}', () => {
    const scheduled = all('AWS::Events::Rule').filter(([name]) => name !== 'WakeRule')
    assert.deepEqual(
      scheduled.map(
        ([
          ,
          {
            Properties: { ScheduleExpression, State, Targets },
          },
        ]) => [...[ScheduleExpression, State], ...Targets.flatMap(({ Arn, Input }) => [Arn, Input])],
      ),
      [
        ['rate(1 hour)', 'ENABLED', '<Machine>', '{}'],
        ['cron(17 3 * * ? *)', 'DISABLED', '<CompactMachine>', '{}'],
      ],
      'that of packing is off',
    )
  })

  it('packs by a state machine of its own, which starts an execution of the pipeline and nothing else', () => {
    const { Properties } = one('CompactMachine')
    const [definition, calls] = Properties.DefinitionString['Fn::Sub']
    assert.deepEqual(
      Object.values(calls)
        .map(String)
        .filter(call => call === '<Machine>').length,
      1,
    )
    assert.match(definition, /states:startExecution/)
    assert.equal(Properties.RoleArn, '<CompactMachineRole.Arn>')
    const { Variables } = one('CompactLambdaFunction').Properties.Environment
    assert.deepEqual([Variables.ATHENA_TABLE, Variables.COMPACT_SORT], ['partitions', ''])
    const alarms = all('AWS::CloudWatch::Alarm').map(([name]) => name)
    assert(alarms.includes('FailedPacking'))
  })

  it('is woken by objects under bronze/ and by nothing else: S3 sends to the queue, the queue to Wake, two batches at once', () => {
    const bronze = {
      Event: 's3:ObjectCreated:*',
      Queue: '<WakeQueue.Arn>',
      Filter: { S3Key: { Rules: [{ Name: 'prefix', Value: 'bronze/' }] } },
    }
    assert.deepEqual(one('Lake').Properties.NotificationConfiguration, { QueueConfigurations: [bronze] })
    const mapping = one('WakeMapping').Properties
    assert.deepEqual(mapping.ScalingConfig, { MaximumConcurrency: 2 })
    assert.deepEqual(mapping.FunctionResponseTypes, ['ReportBatchItemFailures'])
    const { VisibilityTimeout, RedrivePolicy } = one('WakeQueue').Properties
    assert(VisibilityTimeout >= one('WakeLambdaFunction').Properties.Timeout, 'or Lambda refuses the mapping')
    assert.equal(RedrivePolicy.deadLetterTargetArn, '<UnansweredWakes.Arn>')
    for (const { Condition, Principal } of one('WakeQueuePolicy').Properties.PolicyDocument.Statement) {
      assert(Condition?.ArnEquals?.['aws:SourceArn'], `${Principal?.Service} could send for anybody`)
    }
    assert.equal(one('WakeMapping').Condition, 'Wakes')
    assert.equal(one('WakeRule').Condition, 'WakesByRule')
    const alarms = all('AWS::CloudWatch::Alarm').map(([, { Properties }]) => Properties.MetricName)
    for (const metric of ['VisibleAfter', 'ApproximateNumberOfMessagesVisible']) assert(alarms.includes(metric), metric)
  })

  it('limits what an Athena query may scan, and puts results under a prefix of their own', () => {
    const { WorkGroupConfiguration } = one('WorkGroup').Properties
    assert.equal(WorkGroupConfiguration.EnforceWorkGroupConfiguration, true)
    assert(WorkGroupConfiguration.BytesScannedCutoffPerQuery > 0)
    const { OutputLocation } = WorkGroupConfiguration.ResultConfiguration
    assert.equal(OutputLocation, 's3://silversmith-dev-123456789012-us-east-1/athena-results/silversmith-dev/')
  })

  it('has small packages: Join under 257 kB but for its source map, and without the AWS SDK under 120 kB; Plan carries silver.sql', async () => {
    const join = await service.zip('join')
    const map = packedSize(join, 'functions/join.mjs.map')
    assert(join.length - map <= 257_000, `${join.length} with ${map} of source map`)
    assert(map <= 190_000, `${map} of source map: packages are left out of it`)
    assert(Buffer.from(await service.zip('plan')).includes('silver.sql'))
    assert(!Buffer.from(join).includes('silver.sql'))
    const { outputFiles } = await build({
      entryPoints: ['functions/join.ts'],
      ...{ bundle: true, minify: true, write: false, platform: 'node', target: 'node24', format: 'esm' },
      mainFields: ['module', 'main'],
      external: ['@aws-sdk/*'],
    })
    const [own] = outputFiles
    assert(own)
    assert(gzipSync(own.contents).length <= 120_000)
  })

  it('gives each worker the rights that docs/aws.md lists', () => {
    const documented = readFileSync('docs/aws.md', 'utf8')
    for (const { role, Sid, Action, Resource } of statements()) {
      if (Sid === 'Logs' || Sid === 'Trace' || Sid === 'Key' || role.endsWith('ToStepFunctionsRole')) continue
      const actions = list(Action).map(action => `\`${action}\``)
      const places = list(Resource).map(resource => `\`${shorten(resource)}\``)
      const row = `| ${role.replace('Role', '')} | ${Sid} | ${actions.join(' ')} | ${places.join(' ')} |`
      assert(documented.includes(row), `docs/aws.md lacks the line\n${row}`)
    }
  })
})
