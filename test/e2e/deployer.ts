import { readFile } from 'node:fs/promises'
import { CreateAccessKeyCommand, CreateUserCommand, IAMClient, PutUserPolicyCommand } from '@aws-sdk/client-iam'

/** Makes a user who may do what docs/deploy-policy.json says and nothing else. Returns the user's keys as variables. */
export async function createDeployer(): Promise<Readonly<Record<string, string>>> {
  const iam = new IAMClient({})
  const UserName = 'deployer'
  await iam.send(new CreateUserCommand({ UserName }))
  const PolicyDocument = await readFile('docs/deploy-policy.json', 'utf8')
  await iam.send(new PutUserPolicyCommand({ UserName, PolicyName: 'deploy', PolicyDocument }))
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }))
  if (!AccessKey?.AccessKeyId || !AccessKey.SecretAccessKey) throw new Error('the user got no keys')
  return { AWS_ACCESS_KEY_ID: AccessKey.AccessKeyId, AWS_SECRET_ACCESS_KEY: AccessKey.SecretAccessKey }
}
