import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import validate from 'asl-validator'
import { load } from 'js-yaml'
import type { MachineDefinition } from '../../functions/adapters/step-functions/definition.ts'
import { StateMachine } from '../../functions/adapters/step-functions/interpreter.ts'
import { RETRYABLE } from '../../functions/base/errors.ts'

const definition = load(await readFile('statemachines/compact.asl.yml', 'utf8')) as MachineDefinition

/** Runs an execution whose calls of Compact have these outputs; what each task was given, and the output. */
async function run(...outputs: readonly object[]) {
  const calls: [string, unknown][] = []
  const left = [...outputs]
  const handlers = {
    Compact: async (input: unknown) => {
      calls.push(['Compact', input])
      return { Payload: left.shift() }
    },
    Publish: async (input: unknown) => {
      calls.push(['Publish', input])
      return { executionArn: 'arn:execution' }
    },
  }
  const machine = new StateMachine(definition as never, { validationOptions: { noValidate: true } } as never)
  const { result } = machine.run(
    {},
    {
      overrides: { taskResourceLocalHandlers: handlers as never },
      context: { Execution: { Id: 'arn:compact' } } as never,
    },
  )
  return { calls, output: await result }
}

describe('statemachines/compact.asl.yml', () => {
  it('is valid Amazon States Language', () => {
    const { isValid, errors } = validate(definition)
    assert.deepEqual(errors, [])
    assert(isValid)
  })

  it('has a timeout and retries on every task, with backoff, full jitter and a cap', () => {
    const tasks = Object.entries(definition.States).filter(([, { Type }]) => Type === 'Task')
    assert.equal(tasks.length, 2)
    for (const [name, { TimeoutSeconds, Retry }] of tasks) {
      assert(Number(TimeoutSeconds) <= 900, name)
      const [retrier] = Retry as { BackoffRate: number; JitterStrategy: string; MaxDelaySeconds: number }[]
      assert(
        retrier && retrier.BackoffRate > 1 && retrier.JitterStrategy === 'FULL' && retrier.MaxDelaySeconds > 0,
        name,
      )
    }
    const [retrier] = definition.States.Compact?.Retry as { ErrorEquals: string[] }[]
    for (const error of RETRYABLE) assert(retrier?.ErrorEquals.includes(error), error)
  })

  it('packs until there is no more, then starts an execution of the pipeline', async () => {
    const some = { packed: 96, more: true }
    const all = { packed: 120, more: false }
    const { calls, output } = await run(some, all)
    assert.deepEqual(
      calls.map(([name, input]) => [
        name,
        name === 'Compact' ? (input as { Payload: unknown }).Payload : (input as { Input: unknown }).Input,
      ]),
      [
        ['Compact', { execution: 'arn:compact', state: {} }],
        ['Compact', { execution: 'arn:compact', state: some }],
        ['Publish', {}],
      ],
    )
    assert.deepEqual(output, all)
  })

  it('starts none where nothing was packed', async () => {
    const { calls } = await run({ packed: 0, more: false })
    assert.deepEqual(
      calls.map(([name]) => name),
      ['Compact'],
    )
  })
})
