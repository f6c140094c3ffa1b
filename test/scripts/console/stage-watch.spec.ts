import assert from 'node:assert/strict'
import {
  DescribeExecutionCommand,
  DescribeMapRunCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
} from '@aws-sdk/client-sfn'
import { StageWatch } from '../../../scripts/console/stage-watch.ts'
import type { Stage } from '../../../scripts/lakes/stage/find-stage.ts'

const MACHINE = 'arn:aws:states:eu-central-1:123456789012:stateMachine:silversmith-dev-silver'
const START = Date.UTC(2026, 10, 24, 7, 15)

/** Step Functions with two executions: one that failed, and one that joins. */
class Executions {
  status = 'RUNNING'
  done = 1

  async send(command: unknown): Promise<unknown> {
    const at = (seconds: number) => new Date(START + seconds * 1000)
    if (command instanceof ListExecutionsCommand) {
      const last = { name: 'b', status: this.status, startDate: at(0), executionArn: 'b' }
      const failed = { name: 'a', status: 'FAILED', startDate: at(-900), stopDate: at(-880), executionArn: 'a' }
      return { executions: [last, failed] }
    }
    if (command instanceof DescribeExecutionCommand) {
      return command.input.executionArn?.endsWith('b')
        ? { status: this.status, output: '{}' }
        : { status: 'FAILED', error: 'BrokenLog', cause: 'it is broken' }
    }
    if (command instanceof DescribeMapRunCommand) {
      return { itemCounts: { total: 4, succeeded: this.done, failed: 1, running: 2 } }
    }
    assert(command instanceof GetExecutionHistoryCommand)
    const events = [
      { id: 1, timestamp: at(0), stateEnteredEventDetails: { name: 'Plan' } },
      { id: 2, timestamp: at(3), stateExitedEventDetails: { name: 'Plan', output: '{}' } },
      { id: 3, timestamp: at(3), stateEnteredEventDetails: { name: 'JoinFiles' } },
      { id: 4, timestamp: at(4), mapRunStartedEventDetails: { mapRunArn: 'map' } },
      ...(this.status === 'RUNNING'
        ? []
        : [{ id: 5, timestamp: at(9), stateExitedEventDetails: { name: 'JoinFiles', output: '{}' } }]),
    ]
    return { events: events.reverse() }
  }

  readonly config = { region: async () => 'eu-central-1' }
}

describe('StageWatch', () => {
  it('shows the executions, with links to where AWS shows them, and follows the last one', async () => {
    const sfn = new Executions()
    const stage = { sfn, machineArn: MACHINE, name: 'silversmith-dev', stage: 'dev' } as unknown as Stage // what it asks for
    const watch = new StageWatch(stage)
    await watch.look()
    const until = async (isThere: () => Promise<boolean>) => {
      while (!(await isThere())) await new Promise(done => setTimeout(done, 10))
      return watch.look()
    }
    const { runs, run } = await until(async () => (await watch.look()).run.items !== null)
    assert.deepEqual(
      runs.map(({ outcome, name, milliseconds }) => [outcome, name, milliseconds]),
      [
        ['failed', 'a', 20_000],
        ['running', 'b', null],
      ],
    )
    const arn = encodeURIComponent('arn:aws:states:eu-central-1:123456789012:execution:silversmith-dev-silver:b')
    const href = `https://eu-central-1.console.aws.amazon.com/states/home?region=eu-central-1#/v2/executions/details/${arn}`
    assert.equal(runs[1]?.href, href)
    assert.equal(run.href, href)
    assert.equal(run.status, 'running')
    assert.deepEqual(run.items, { total: 4, done: 1, failed: 1, running: 2 })
    assert.deepEqual(
      run.states.map(({ name, status, milliseconds }) => [name, status, milliseconds]),
      [
        ['Plan', 'done', 3000],
        ['JoinFiles', 'running', null],
      ],
    )
    sfn.done = 4
    sfn.status = 'SUCCEEDED'
    const { run: ended } = await until(async () => (await watch.look()).run.status === 'done')
    assert.deepEqual(ended.states.at(-1)?.milliseconds, 6000)
    assert.match(await watch.alarms(), /cloudwatch\/home\?region=eu-central-1#alarmsV2:\?search=silversmith-dev$/)
  })
})
