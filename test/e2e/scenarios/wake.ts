import assert from 'node:assert/strict'
import { ListExecutionsCommand } from '@aws-sdk/client-sfn'
import { Pipeline, until } from '../pipeline.ts'
import type { Scenario, World } from '../scenario.ts'

const ROWS = 20
const FILES = 40
const BURST = 50
/** The endpoint is named, since version 1 of the AWS CLI would go elsewhere. */
const SQS = 'aws --endpoint-url $AWS_ENDPOINT_URL sqs'
/** Seconds that a message is late. */
const LATE = 60

/** How soon a file that lands is seen, without anybody starting an execution. */
export const wakes: readonly Scenario[] = [
  {
    name: `${FILES} files, one after another, each wake the idle pipeline and are seen within seconds`,
    run: world => woken(world, async () => describe(await oneByOne(world, 'single', FILES), 10, 30)),
  },
  {
    name: 'the same with 20 ms more for every call of AWS',
    run: world =>
      woken(world, async () => {
        const slower = ['s3', 'athena', 'glue', 'states', 'sqs'] as const
        const forever = 1_000_000
        await world.emulator.inject(
          ...slower.map(service => ({ service, match: '*', do: 'delay' as const, seconds: 0.02, times: forever })),
        )
        const seconds = await oneByOne(world, 'slower', 5)
        await world.emulator.heal()
        return describe(seconds, 15, 30)
      }),
  },
  {
    name: `bursts of ${BURST} files with customers among them: each is seen once, by few executions`,
    run: world =>
      woken(world, async () => {
        const { pipeline } = world
        const before = await executions(world)
        for (const burst of [0, 1]) {
          const adding = Array.from({ length: BURST }, (_, i) =>
            pipeline.addReviews(`burst-${burst}-${i}`, ROWS, () => (i === 0 ? { customer_id: `burst-${burst}` } : {})),
          )
          await Promise.all([...adding, pipeline.addCustomer(`burst-${burst}`, 'Late')])
        }
        const all = 2 * BURST * ROWS
        await until(async () => ((await pipeline.count("review_id LIKE 'burst-%'")) >= all ? true : undefined), 180_000)
        await idle(world)
        assert.equal(await pipeline.count("review_id LIKE 'burst-%'"), all)
        const started = (await executions(world)).length - before.length
        assert(started <= 10, `${started} executions for two bursts`)
        return `${2 * BURST} files, ${started} executions`
      }),
  },
  {
    name: 'where Wake dies after it has started an execution, and where Step Functions throttles it, nothing is lost or doubled',
    run: async world => {
      const { pipeline, emulator } = world
      await emulator.inject(
        { service: 'states', match: 'StartExecution', do: 'error', status: 400, code: 'ThrottlingException', times: 8 },
        { service: 'states', match: 'StartExecution', do: 'kill', when: 'after', skip: 8 },
      )
      await woken(world, async () => {
        await pipeline.addReviews('woken', ROWS)
        await until(async () => ((await pipeline.count("review_id LIKE 'woken-%'")) > 0 ? true : undefined), 180_000)
        await idle(world)
      })
      await emulator.heal()
      assert.equal(await pipeline.count("review_id LIKE 'woken-%'"), ROWS)
    },
  },
  {
    name: 'events that are lost, doubled, late by a minute or about nothing lose and double no row',
    run: async world => {
      const { pipeline, shell } = world
      await idle(world)
      const url = (await shell(`${SQS} get-queue-url --queue-name silversmith-dev-wake --output text`)).trim()
      const before = await executions(world)
      await pipeline.addReviews('event-lost', ROWS)
      await shell(`${SQS} purge-queue --queue-url ${url}`)
      await pipeline.addReviews('event-doubled', ROWS)
      // Wake reads no message: what counts is when it came
      const send = (id: string, delay: number) => ({ Id: id, MessageBody: '{"Records":[]}', DelaySeconds: delay })
      const messages = [...Array.from({ length: 9 }, (_, i) => send(`m${i}`, 0)), send('late', LATE)]
      await shell(`${SQS} send-message-batch --queue-url ${url} --entries '${JSON.stringify(messages)}'`)
      const count = () => pipeline.count("review_id LIKE 'event-%'")
      const left = async () => {
        const names =
          'ApproximateNumberOfMessages ApproximateNumberOfMessagesNotVisible ApproximateNumberOfMessagesDelayed'
        const of = `--attribute-names ${names} --query "Attributes.*" --output text`
        const counts = (await shell(`${SQS} get-queue-attributes --queue-url ${url} ${of}`)).trim().split(/\s+/)
        return counts.reduce((sum, each) => sum + Number(each), 0)
      }
      await woken(world, async () => {
        await until(async () => ((await count()) >= 2 * ROWS ? true : undefined), 120_000)
        assert((await left()) > 0, 'the late event came before its minute')
        await until(async () => ((await left()) === 0 ? true : undefined), 180_000)
      })
      assert.equal(await count(), 2 * ROWS)
      const started = (await executions(world)).length - before.length
      // those for messages that came at once, and one for the late one
      assert(started >= 2 && started <= 4, `${started} executions`)
      return `${started} executions`
    },
  },
  {
    name: 'a bucket that is there already wakes the pipeline by EventBridge, which its owner has switched on',
    run: async ({ shell }) => {
      const bucket = 'a-lake-of-others'
      await shell(`aws s3api create-bucket --bucket ${bucket}`)
      const events = `'{"EventBridgeConfiguration": {}}'`
      const notify = `aws s3api put-bucket-notification-configuration --bucket ${bucket}`
      await shell(`${notify} --notification-configuration ${events}`)
      const parameters = [`bucket=${bucket}`, 'bucketIs=existing', 'wake=on', 'schedule=false']
      await shell(`npx serverless deploy --stage rule ${parameters.map(each => `--param="${each}"`).join(' ')}`)
      const pipeline = await Pipeline.open('rule')
      await pipeline.addCustomer('10000000', 'Known')
      await pipeline.addReviews('by-rule', ROWS)
      const seen = async () => ((await pipeline.count().catch(() => 0)) > 0 ? true : undefined)
      await until(seen, 120_000)
      assert.equal(await pipeline.count(), ROWS)
      await shell(`npx serverless remove --stage rule && aws s3 rb --force s3://${bucket}`)
    },
  },
]

/** Lets Lambda take messages of the queue while something is done. Elsewhere executions are started by hand. */
async function woken<T>(world: World, work: () => Promise<T>): Promise<T> {
  await letWake(world.shell, true)
  try {
    await idle(world)
    return await work()
  } finally {
    await idle(world)
    await letWake(world.shell, false)
  }
}

/** Switches the queue's mapping on or off. */
export async function letWake(shell: World['shell'], on: boolean): Promise<void> {
  const mappings = 'aws lambda list-event-source-mappings --function-name silversmith-dev-wake --output text'
  const id = (await shell(`${mappings} --query "EventSourceMappings[].UUID"`)).trim()
  await shell(`aws lambda update-event-source-mapping --uuid ${id} --${on ? '' : 'no-'}enabled`)
}

/** Puts files one after another, each when the last one is seen. Returns the seconds that each took. */
async function oneByOne(world: World, name: string, files: number): Promise<number[]> {
  const { pipeline } = world
  const seconds: number[] = []
  for (let i = 0; i < files; i++) {
    await idle(world)
    const started = performance.now()
    await pipeline.addReviews(`${name}-${i}-`, ROWS)
    const count = () => pipeline.count(`review_id LIKE '${name}-${i}--%'`)
    await until(async () => ((await count()) > 0 ? true : undefined), 120_000)
    seconds.push((performance.now() - started) / 1000)
    assert.equal(await count(), ROWS)
  }
  return seconds
}

function describe(seconds: readonly number[], medianBound: number, bound: number): string {
  const sorted = seconds.toSorted((a, b) => a - b)
  const median = sorted[sorted.length >> 1] ?? assert.fail('no file')
  const longest = sorted.at(-1) ?? assert.fail('no file')
  const text = `from put to seen: median ${median.toFixed(1)} s, maximum ${longest.toFixed(1)} s`
  assert(median <= medianBound && longest <= bound, text)
  return text
}

async function executions({ pipeline }: World) {
  const { sfn, machineArn } = pipeline.lake.stage
  const { executions = [] } = await sfn.send(
    new ListExecutionsCommand({ stateMachineArn: machineArn, maxResults: 1000 }),
  )
  return executions
}

/** Waits until no execution runs, and for long enough that none is started for messages that were left. */
async function idle(world: World): Promise<void> {
  await until(
    async () => ((await executions(world)).some(({ status }) => status === 'RUNNING') ? undefined : true),
    180_000,
  )
}
