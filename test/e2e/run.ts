import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { delimiter, join, resolve } from 'node:path'
import { makeLake } from '../../scripts/demo/make-lake.ts'
import { preparePython } from '../support/python.ts'
import { createDeployer } from './deployer.ts'
import { Emulator, REGION } from './emulator.ts'
import { Pipeline } from './pipeline.ts'
import { deployBlocks, runShell } from './readme.ts'
import type { Scenario } from './scenario.ts'
import { consoles } from './scenarios/console.ts'
import { failures } from './scenarios/failures.ts'
import { lakes } from './scenarios/lakes.ts'
import { onDelta } from './scenarios/on-delta.ts'
import { operations } from './scenarios/operations.ts'
import { packing } from './scenarios/packing.ts'
import { requests } from './scenarios/requests.ts'
import { rights } from './scenarios/rights.ts'
import { runs } from './scenarios/runs.ts'
import { stage } from './scenarios/stage.ts'
import { visibility } from './scenarios/visibility.ts'
import { letWake, wakes } from './scenarios/wake.ts'
import { Steps } from './steps.ts'

/*
 * `npm run e2e`: deploys the service onto a local AWS as the README says, puts a lake into its bucket, runs it, breaks it,
 * and removes it. Needs python3 with venv and pip; everything else it brings itself.
 */
const STAGE = 'dev'
/** `npm run e2e -- --keep`: deploys, runs once, and leaves the local AWS up to try the commands on. */
const KEEP = process.argv.includes('--keep')
/** `npm run e2e -- --only PATTERN`: of the scenarios those whose name fits. */
const ONLY = new RegExp(process.argv[process.argv.indexOf('--only') + 1 || process.argv.length] ?? '')
const steps = new Steps()
const madeLake = !existsSync('lake')
let emulator: Emulator | undefined
try {
  const venv = await steps.must('Python packages, in .e2e/', () =>
    preparePython(join(import.meta.dirname, 'requirements.txt')),
  )
  emulator = await steps.must('a local AWS', () => Emulator.start(venv))
  await testDeployment(emulator, venv)
} catch {
  console.log(await emulator?.log()) // the step that failed has said why
} finally {
  if (!KEEP) await emulator?.stop()
  if (madeLake) await rm('lake', { recursive: true, force: true })
}
console.log(`\n${steps.took()}\n${steps.summary()}`)
process.exitCode = steps.failed === 0 ? 0 : 1
if (KEEP) process.exit() // the emulator is a child, which would be waited for

async function testDeployment(emulator: Emulator, venv: string): Promise<void> {
  const aws = {
    AWS_ENDPOINT_URL: emulator.endpoint,
    AWS_REGION: REGION,
    AWS_DEFAULT_REGION: REGION, // what version 1 of the AWS CLI reads
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_PAGER: '',
    SLS_AWS_MONITORING_FREQUENCY: '300', // asks CloudFormation more often
  }
  Object.assign(process.env, aws)
  const path = [resolve('node_modules', '.bin'), join(venv, 'bin'), process.env.PATH].join(delimiter)
  const env = { PATH: path, HOME: process.env.HOME ?? '/tmp', ...aws }
  const shell = (commands: string) => runShell(commands, env)
  const blocks = await deployBlocks()
  const [deploy = '', fill = '', run = '', ...others] = blocks
  const remove = others.at(-1) ?? ''

  await steps.must('a demo lake', async () => (existsSync('lake') ? 'as it was' : makeLake(resolve('lake'))))
  const deployer = await steps.must('a user with docs/deploy-policy.json', createDeployer)
  const shellOfDeployer = (commands: string) => runShell(commands, { ...env, ...deployer })
  await steps.must('README: deploy, with the rights of docs/deploy-policy.json', () => shellOfDeployer(deploy))
  await steps.must('files wake nothing for now: what follows starts executions by hand', () => letWake(shell, false))
  await steps.run('cfn-lint has nothing to say about the template', () =>
    shell('cfn-lint --config-file test/e2e/cfnlint.yml'),
  )
  await steps.run('ruff has nothing to say about the emulator', () =>
    shell('ruff check test/e2e && ruff format --check test/e2e'),
  )
  const pipeline = await Pipeline.open(STAGE)
  const world = { pipeline, emulator, shell }
  await steps.must('README: bronze into the bucket', () => shell(fill))
  await steps.run('PlanRole without StartSparkMetadata: the first run fails', () => withoutFirstRight(pipeline))
  await steps.must('README: run, query, validate, status', () => shell(run))
  await steps.run('the first run has joined what the generator made', async () => {
    assert.equal(await pipeline.count(), 19_771)
  })
  if (KEEP) return tellHow(emulator, aws)
  const scenarios: readonly Scenario[] = [
    ...requests,
    ...runs,
    ...failures,
    ...visibility,
    ...wakes,
    ...consoles,
    ...lakes,
    ...onDelta,
    ...packing,
    ...operations.slice(0, 4),
    ...stage,
    ...rights,
  ]
  for (const { name, run } of [...scenarios, ...operations.slice(4)].filter(({ name }) => ONLY.test(name))) {
    if (!(await steps.run(name, () => run(world)))) console.log(await emulator.log(15))
  }
  await steps.run('README: remove, and only the lake is left', async () => {
    await shellOfDeployer(remove)
    await checkRemoved(shell)
  })
  await steps.run('deployed again, it takes the bucket that is there, and every row of it', async () => {
    const rows = await pipeline.count().catch(() => undefined)
    assert.equal(rows, undefined, 'nothing answers for a stage that was removed')
    assert.match(await shell(deploy), /bucket +s3:\/\/\S+, which an earlier deployment left/)
    const again = await Pipeline.open(STAGE)
    assert.equal((await again.run()).reason, 'nothing new')
    const rowsAgain = await again.count()
    await shell(remove)
    await checkRemoved(shell)
    return `${rowsAgain} rows`
  })
  await steps.run('a stage with a name that no command would take is refused', async () => {
    await assert.rejects(shell('npx serverless deploy --stage my-team'), /lower-case letters and digits/)
  })
}

/** Says how to try commands on the stage that was kept, and how to end the local AWS. */
function tellHow(emulator: Emulator, aws: Readonly<Record<string, string>>): void {
  const variables = Object.entries(aws).filter(([name]) => /^AWS_(?:ENDPOINT|REGION|ACCESS|SECRET)/.test(name))
  console.log(`\nthe local AWS is up, with the stage ${STAGE}; in another terminal:\n`)
  for (const [name, value] of variables) console.log(`  export ${name}=${value}`)
  console.log(`  npx silversmith status --stage ${STAGE}\n\nend it: kill ${emulator.pid}`)
}

/** The right that is needed only as long as the log is empty. */
async function withoutFirstRight(pipeline: Pipeline): Promise<string> {
  const { policy, put } = await pipeline.policyOf('PlanRole')
  await put({ ...policy, Statement: policy.Statement.filter(({ Sid }) => Sid !== 'StartSparkMetadata') })
  const failed = await pipeline.end(await pipeline.start())
  await put(policy)
  assert.deepEqual([failed.status, failed.error], ['FAILED', 'AccessDenied'])
  assert.match(failed.cause, /_spark_metadata\/0/)
  return failed.cause
}

/** Asks for what the stack had: only the lake's bucket may be there. */
async function checkRemoved(shell: (commands: string) => Promise<string>): Promise<void> {
  const text = async (command: string) => (await shell(`aws ${command} --output text`)).trim()
  assert.equal(await text('s3api list-buckets --query "Buckets[].Name"'), `silversmith-${STAGE}-000000000000-${REGION}`)
  const empty = [
    'lambda list-event-source-mappings --query "EventSourceMappings[].UUID"',
    '--endpoint-url $AWS_ENDPOINT_URL sqs list-queues --query "QueueUrls"', // version 1 would go elsewhere
    'lambda list-functions --query "Functions[].FunctionName"',
    'stepfunctions list-state-machines --query "stateMachines[].name"',
    'events list-rules --query "Rules[].Name"',
    'iam list-roles --query "Roles[?starts_with(RoleName, \'silversmith\')].RoleName"',
    'glue get-databases --query "DatabaseList[?Name != \'default\'].Name"',
    'athena list-work-groups --query "WorkGroups[?Name != \'primary\'].Name"',
    'logs describe-log-groups --query "logGroups[?contains(logGroupName, \'silversmith\')].logGroupName"',
    'cloudwatch describe-alarms --query "MetricAlarms[].AlarmName"',
    'cloudwatch list-dashboards --query "DashboardEntries[].DashboardName"',
  ]
  for (const command of empty) assert.match(await text(command), /^(None)?$/, command)
}
