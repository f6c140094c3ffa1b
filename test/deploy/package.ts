import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

type Json = string | number | boolean | null | Json[] | { [name: string]: Json }

export interface Resource {
  readonly Type: string
  readonly Condition?: string
  readonly Properties: Properties
}

/** The properties that are looked at, each of the type of resource that has it. */
interface Properties {
  readonly Architectures: readonly string[]
  readonly AssumeRolePolicyDocument: PolicyDocument
  readonly BucketEncryption: { readonly ServerSideEncryptionConfiguration: readonly Json[] }
  readonly DefinitionString: {
    readonly 'Fn::Sub': readonly [definition: string, names: Readonly<Record<string, Json>>]
  }
  readonly Environment: { readonly Variables: Readonly<Record<string, Json>> }
  readonly LifecycleConfiguration: { readonly Rules: Record<string, Json>[] }
  readonly FunctionResponseTypes: readonly string[]
  readonly LoggingConfiguration: { readonly Level: string }
  readonly MetricName: string
  readonly NotificationConfiguration: Json
  readonly Policies: readonly { readonly PolicyDocument: PolicyDocument }[]
  readonly PolicyDocument: PolicyDocument
  readonly PublicAccessBlockConfiguration: Readonly<Record<string, Json>>
  readonly RedrivePolicy: { readonly deadLetterTargetArn: string }
  readonly Role: string
  readonly RoleArn: string
  readonly Runtime: string
  readonly ScalingConfig: Json
  readonly ScheduleExpression: string
  readonly State: string
  readonly Targets: readonly { readonly Arn: string; readonly Input: string }[]
  readonly Timeout: number
  readonly TracingConfig: Json
  readonly TracingConfiguration: Json
  readonly VisibilityTimeout: number
  readonly WorkGroupConfiguration: {
    readonly BytesScannedCutoffPerQuery: number
    readonly EnforceWorkGroupConfiguration: boolean
    readonly ResultConfiguration: { readonly OutputLocation: string }
  }
}

interface PolicyDocument {
  readonly Statement: readonly Statement[]
}

/** What a policy names once or several times. */
export function list(value: string | string[]): string[] {
  return Array.isArray(value) ? value : [value]
}

/** A statement of a policy. */
export interface Statement {
  readonly Sid: string
  readonly Effect: string
  readonly Action: string | string[]
  readonly Resource: string | string[]
  readonly Principal?: { readonly Service: string }
  readonly Condition?: { readonly [operator: string]: Readonly<Record<string, Json>> }
}

/** What `serverless package` makes: the stack's resources, and each function's zip. */
export interface Packaged {
  readonly text: string
  readonly resources: Readonly<Record<string, Resource>>
  zip(name: string): Promise<Uint8Array>
  remove(): Promise<void>
}

/** Packages the service as a deploy would, without credentials and without a network. */
export async function packageService(...parameters: readonly string[]): Promise<Packaged> {
  const directory = await mkdtemp(join(tmpdir(), 'silversmith-package-'))
  const { PATH = '', HOME = directory } = process.env
  const serverless = join('node_modules', 'serverless', 'bin', 'serverless.js')
  const options = parameters.map(each => `--param=${each}`)
  await promisify(execFile)(process.execPath, [serverless, 'package', '--package', directory, ...options], {
    env: { PATH, HOME, SLS_TELEMETRY_DISABLED: '1' },
  })
  const text = await readFile(join(directory, 'cloudformation-template-update-stack.json'), 'utf8')
  return {
    text,
    resources: resolve(JSON.parse(text).Resources) as unknown as Record<string, Resource>, // CloudFormation's shape
    zip: name => readFile(join(directory, `${name}.zip`)),
    remove: () => rm(directory, { recursive: true, force: true }),
  }
}

const PSEUDO: Readonly<Record<string, string>> = {
  'AWS::Partition': 'aws',
  'AWS::Region': 'us-east-1',
  'AWS::AccountId': '123456789012',
}

/** Resolves what can be: Fn::Sub with pseudo parameters, Ref and Fn::GetAtt as `<name>`; Fn::If takes its first branch. */
function resolve(value: Json): Json {
  if (Array.isArray(value)) return value.map(resolve)
  if (typeof value !== 'object' || value === null) return value
  const [[name, argument] = []] = Object.entries(value)
  if (name === 'Ref') return PSEUDO[String(argument)] ?? `<${argument}>`
  if (name === 'Fn::GetAtt' && Array.isArray(argument)) return `<${argument.join('.')}>`
  if (name === 'Fn::If' && Array.isArray(argument)) return resolve(argument[1] ?? null)
  if (name === 'Fn::Sub' && typeof argument === 'string') {
    return argument.replaceAll(/\$\{([\w:.]+)\}/g, (_, key: string) => PSEUDO[key] ?? `<${key}>`)
  }
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, resolve(each)]))
}

/** The compressed bytes of a file in a zip, by its central directory (APPNOTE.TXT, 4.3.12). */
export function packedSize(zip: Uint8Array, name: string): number {
  const bytes = Buffer.from(zip)
  const at = bytes.lastIndexOf(name)
  assert(at > 46, `${name} is not in the package`)
  assert.equal(bytes.readUInt32LE(at - 46), 0x02014b50)
  return bytes.readUInt32LE(at - 46 + 20)
}
