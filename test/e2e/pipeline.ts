import { CloudFormationClient, DescribeStackResourceCommand } from '@aws-sdk/client-cloudformation'
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs'
import { GetRolePolicyCommand, IAMClient, ListRolePoliciesCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam'
import { S3Client } from '@aws-sdk/client-s3'
import { DescribeExecutionCommand, RedriveExecutionCommand, StartExecutionCommand } from '@aws-sdk/client-sfn'
import type { RunState } from '../../functions/protocol/state.ts'
import { customersFile, reviewsFile } from '../../scripts/demo/bronze-file.ts'
import { type Customer, makeReviews, type Review } from '../../scripts/demo/rows.ts'
import { failureOf } from '../../scripts/lakes/stage/execute.ts'
import { openStage, type StageLake } from '../../scripts/lakes/stage/open-stage.ts'

/** How an execution ended. */
export interface Ended {
  readonly arn: string
  readonly status: string
  readonly error: string | undefined
  /** The message of the error, whoever raised it. */
  readonly cause: string
  /** The output of an execution of the pipeline; undefined if it did not succeed. */
  readonly state: RunState | undefined
  /** The output as text, '' if it did not succeed. */
  readonly output: string
}

/** A statement of a role's policy. */
export interface Statement {
  readonly Sid: string
  readonly [field: string]: unknown
}

interface Policy {
  readonly Version: string
  readonly Statement: readonly Statement[]
}

/** The deployed pipeline, with what a test does to it and asks of it. */
export class Pipeline {
  readonly lake: StageLake
  readonly #iam = new IAMClient({})
  readonly #logs = new CloudWatchLogsClient({})
  readonly #stacks = new CloudFormationClient({})
  readonly #stack: string
  #files = 0

  private constructor(lake: StageLake, stack: string) {
    this.lake = lake
    this.#stack = stack
  }

  static async open(stage: string): Promise<Pipeline> {
    const lake = await openStage(stage)
    return new Pipeline(lake, lake.stage.name)
  }

  /** Puts a bronze file of `count` reviews, changed as wanted, by customers who are all known. Returns its key. */
  async addReviews(name: string, count: number, change: (review: Review, i: number) => Partial<Review> = () => ({})) {
    const made = makeReviews(count, 5000, Date.UTC(2026, 10, 24), ++this.#files)
    const reviews = made.map((review, i) => {
      return { ...review, review_id: `${name}-${i}`, customer_id: KNOWN_CUSTOMER, ...change(review, i) }
    })
    return this.#put(`${this.lake.layout.roots.reviews}${name}.parquet`, reviewsFile(reviews))
  }

  /** Puts a customers file with one customer. */
  async addCustomer(customer_id: string, customer_name: string): Promise<string> {
    const row = { gender: 'F', date_of_birth: '1990-01-01', city: 'Silverton', state: 'CO' }
    const customers: Customer[] = [{ customer_id, customer_name, ...row }]
    return this.#put(`${this.lake.layout.roots.customers}${customer_id}.parquet`, customersFile(customers))
  }

  async #put(key: string, bytes: Uint8Array): Promise<string> {
    await this.lake.store.put(key, bytes)
    return key
  }

  /** Starts an execution, of the pipeline if no other machine is named. */
  async start(input: unknown = {}, stateMachineArn = this.lake.stage.machineArn): Promise<string> {
    const { sfn } = this.lake.stage
    const command = new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(input) })
    return (await sfn.send(command)).executionArn ?? ''
  }

  /** Waits for the end of an execution. */
  async end(executionArn: string): Promise<Ended> {
    const execution = await until(async () => {
      const description = await this.lake.stage.sfn.send(new DescribeExecutionCommand({ executionArn }))
      return description.status === 'RUNNING' ? undefined : description
    })
    const { status = '', output } = execution
    if (status === 'SUCCEEDED' && output !== undefined) {
      return { arn: executionArn, status, error: undefined, cause: '', state: JSON.parse(output), output }
    }
    const { name, message } = await failureOf(this.lake.stage.sfn, execution)
    return { arn: executionArn, status, error: name, cause: message, state: undefined, output: '' }
  }

  /** Runs an execution, which must succeed. */
  async run(input: unknown = {}): Promise<RunState> {
    return succeeded(await this.end(await this.start(input)))
  }

  /** Lets a failed execution go on where it stopped. */
  async redrive(executionArn: string): Promise<RunState> {
    await this.lake.stage.sfn.send(new RedriveExecutionCommand({ executionArn }))
    return succeeded(await this.end(executionArn))
  }

  /** The rows that Athena counts, all or those that a condition holds for. */
  async count(where = 'TRUE'): Promise<number> {
    const { rows } = await this.lake.query(`SELECT COUNT(*) AS n FROM silver.reviews WHERE ${where}`)
    return Number(rows[0]?.[0])
  }

  /** The lines that a worker's log has since a moment (UTC milliseconds) and that a pattern fits. */
  async logLines(worker: string, since: number): Promise<Record<string, unknown>[]> {
    const logGroupName = `/aws/lambda/${this.#stack}-${worker}`
    const { events = [] } = await this.#logs.send(new FilterLogEventsCommand({ logGroupName, startTime: since }))
    return events.flatMap(({ message = '' }) => (message.trim().startsWith('{') ? [JSON.parse(message)] : []))
  }

  /** S3 with the credentials of a role of the stack, by the role's name in resources/roles.yml. */
  async clientOf(role: string, shell: (commands: string) => Promise<string>): Promise<S3Client> {
    const arn = `arn:aws:iam::000000000000:role/${await this.#physical(role)}`
    const json = await shell(`aws sts assume-role --role-arn ${arn} --role-session-name e2e --output json`)
    const { AccessKeyId, SecretAccessKey, SessionToken } = JSON.parse(json).Credentials
    const credentials = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken }
    return new S3Client({ credentials, forcePathStyle: true })
  }

  async #physical(role: string): Promise<string> {
    const found = new DescribeStackResourceCommand({ StackName: this.#stack, LogicalResourceId: role })
    return (await this.#stacks.send(found)).StackResourceDetail?.PhysicalResourceId ?? ''
  }

  /** The policy of a role of the stack, by the role's name in resources/roles.yml. */
  async policyOf(role: string): Promise<{ readonly policy: Policy; put(policy: Policy): Promise<void> }> {
    const RoleName = await this.#physical(role)
    const { PolicyNames: [PolicyName = ''] = [] } = await this.#iam.send(new ListRolePoliciesCommand({ RoleName }))
    const { PolicyDocument = '' } = await this.#iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }))
    return {
      policy: JSON.parse(decodeURIComponent(PolicyDocument)),
      put: async policy => {
        const body = { RoleName, PolicyName, PolicyDocument: JSON.stringify(policy) }
        await this.#iam.send(new PutRolePolicyCommand(body))
      },
    }
  }
}

/** A customer of the demo's lake. */
const KNOWN_CUSTOMER = '10000000'

/** The output of an execution that must have succeeded. */
export function succeeded({ status, error, cause, state }: Ended): RunState {
  if (status !== 'SUCCEEDED' || !state) throw new Error(`the execution ended as ${status}: ${error}: ${cause}`)
  return state
}

/** Asks again and again for a value that is not undefined, for at most a time in milliseconds. */
export async function until<T>(ask: () => Promise<T | undefined>, patience = 60_000): Promise<T> {
  for (const started = performance.now(); performance.now() - started < patience; ) {
    const value = await ask()
    if (value !== undefined) return value
    await new Promise(done => setTimeout(done, 50))
  }
  throw new Error(`nothing came within ${patience / 1000} s`)
}
