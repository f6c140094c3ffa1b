import {
  CloudFormationClient,
  type CloudFormationClientConfig,
  DescribeStackResourceCommand,
} from '@aws-sdk/client-cloudformation'
import { HeadBucketCommand, S3Client, type S3ClientConfig } from '@aws-sdk/client-s3'
import { stageNameFault } from '../lakes/stage/stage-name.ts'
import { afterDeploy } from './after-deploy.ts'
import { type AthenaTableSettings, athenaTableFault } from './athena-table-fault.ts'
import { type WakeSettings, wakePrefixFault } from './wake-prefix.ts'

/** What this plugin uses of the Serverless Framework, which has no types of its own. */
interface Serverless {
  readonly service: {
    readonly service: string
    readonly custom: {
      readonly name: string
      readonly machine: string
      readonly database: string
      readonly table: string
      readonly waking: Omit<WakeSettings, 'environment'>
      readonly onDelta: AthenaTableSettings
    }
    readonly provider: {
      readonly compiledCloudFormationTemplate: Template
      readonly environment: WakeSettings['environment']
    }
  }
  readonly processedInput: { readonly commands: readonly string[] }
  readonly classes: { readonly Error: new (message: string, code: string) => Error }
  getProvider(name: 'aws'): Provider
}

interface Template {
  readonly Parameters: Record<string, { Default?: string }>
  readonly Resources: Readonly<Record<string, Resource>>
}

interface Resource {
  readonly Type: string
  readonly Properties?: Readonly<Record<string, unknown>>
  DependsOn?: readonly string[]
}

interface Provider {
  getStage(): string
  getRegion(): string
  getAccountInfo(): Promise<{ readonly accountId: string; readonly partition: string }>
  readonly naming: { getStackName(): string }
  /** Region, credentials and endpoint as the deploy uses them. */
  getAwsSdkV3Config(): Promise<S3ClientConfig & CloudFormationClientConfig>
}

/** The lake's bucket, as resources/lake.yml calls it. */
const LAKE = 'Lake'
/** What an execution needs, and the state machine does not refer to. */
const NEEDED = ['Database', 'WorkGroup']

/**
 * What a deploy of this service does besides: it refuses names of stages that the commands would refuse, a pipeline that
 * would wake itself, and a table in Athena over a Delta log that nobody writes, takes the bucket that an earlier deployment
 * left behind, and says afterwards where things are and what comes next.
 */
export default class StagePlugin {
  readonly hooks: Readonly<Record<string, () => Promise<void> | void>>
  readonly #serverless: Serverless
  readonly #provider: Provider
  readonly #writeText: (text: string) => void
  /** Set where a bucket of an earlier deployment was found. */
  #kept: string | undefined

  constructor(
    serverless: Serverless,
    _options: unknown,
    { writeText }: { readonly writeText: (text: string) => void },
  ) {
    this.#serverless = serverless
    this.#provider = serverless.getProvider('aws')
    this.#writeText = writeText
    this.hooks = {
      initialize: () => this.#check(),
      'before:aws:package:finalize:saveServiceState': async () => {
        this.#scheduleLast()
        await this.#takeKeptBucket()
      },
      'after:deploy:deploy': () => this.#tell(),
    }
  }

  #check(): void {
    const { custom, provider } = this.#serverless.service
    const refuse = (fault: string | undefined, code: string) => {
      if (fault !== undefined) throw new this.#serverless.classes.Error(fault, code)
    }
    refuse(stageNameFault(this.#provider.getStage()), 'STAGE_NAME')
    refuse(athenaTableFault(custom.onDelta), 'ATHENA_TABLE')
    refuse(wakePrefixFault({ ...custom.waking, environment: provider.environment }), 'WAKE_PREFIX')
  }

  /** Lets the schedule start nothing before everything is there. */
  #scheduleLast(): void {
    for (const resource of Object.values(this.#template.Resources)) {
      if (resource.Type === 'AWS::Events::Rule') resource.DependsOn = NEEDED
    }
  }

  /**
   * The bucket stays when a stack is removed, because it holds the data; a stack that is deployed again could not create
   * it. So it is taken as one that is there already, unless the stack itself has made it.
   */
  async #takeKeptBucket(): Promise<void> {
    if (this.#serverless.processedInput.commands.join(' ') !== 'deploy') return
    const { Parameters } = this.#template
    if (Parameters.BucketIs?.Default !== 'new') return
    const bucket = await this.#bucket()
    const config = await this.#provider.getAwsSdkV3Config()
    const s3 = new S3Client({ ...config, forcePathStyle: process.env.AWS_ENDPOINT_URL !== undefined })
    if (!(await isThere(s3.send(new HeadBucketCommand({ Bucket: bucket }))))) return
    const own = { StackName: this.#provider.naming.getStackName(), LogicalResourceId: LAKE }
    if (await isThere(new CloudFormationClient(config).send(new DescribeStackResourceCommand(own)))) return
    Parameters.BucketIs.Default = 'existing'
    this.#kept = bucket
  }

  async #tell(): Promise<void> {
    const { machine, database, table, name } = this.#serverless.service.custom
    const { accountId, partition } = await this.#provider.getAccountInfo()
    const facts = {
      ...{ machine, database, table, name, accountId, partition },
      bucket: await this.#bucket(),
      kept: this.#kept !== undefined,
      stage: this.#provider.getStage(),
      region: this.#provider.getRegion(),
      isMonitored: this.#template.Parameters.Monitoring?.Default === 'full',
      tellsSomebody: (this.#template.Parameters.AlarmEmail?.Default ?? '') !== '',
    }
    this.#writeText(afterDeploy(facts).join('\n'))
  }

  get #template(): Template {
    return this.#serverless.service.provider.compiledCloudFormationTemplate
  }

  /** The bucket's name, whose pseudo parameters CloudFormation would resolve. */
  async #bucket(): Promise<string> {
    const given = this.#template.Resources[LAKE]?.Properties?.BucketName
    const text = typeof given === 'object' && given !== null && 'Fn::Sub' in given ? String(given['Fn::Sub']) : ''
    const { accountId, partition } = await this.#provider.getAccountInfo()
    const pseudo: Readonly<Record<string, string>> = {
      AccountId: accountId,
      Region: this.#provider.getRegion(),
      Partition: partition,
    }
    return text.replaceAll(/\$\{AWS::(\w+)\}/g, (all, name: string) => pseudo[name] ?? all)
  }
}

/** Whether a call finds its thing; an answer that it is not there is a no, anything else fails the deploy. */
async function isThere(call: Promise<unknown>): Promise<boolean> {
  try {
    await call
    return true
  } catch (error) {
    if (/not ?found|does not exist|NoSuchBucket|404/i.test(String(error))) return false
    throw error
  }
}
