import assert from 'node:assert/strict'
import type { LifecycleRule, S3Client } from '@aws-sdk/client-s3'
import { keptVersions } from '../../scripts/lakes/stage/kept-versions.ts'

/** S3 as far as it is asked: a bucket's versioning and its lifecycle; an error in the place of either is thrown. */
function bucket(
  status: string | undefined | Error,
  rules: readonly LifecycleRule[] | Error = [],
): Pick<S3Client, 'send'> {
  const send = async (command: object) => {
    const answer = command.constructor.name === 'GetBucketVersioningCommand' ? status : rules
    if (answer instanceof Error) throw answer
    return Array.isArray(answer) ? { Rules: answer } : { Status: answer }
  }
  return { send } as unknown as S3Client // the two commands are all that is sent
}

const named = (name: string) => Object.assign(new Error(name), { name })
const rule = (rest: object): LifecycleRule => ({ Status: 'Enabled', Prefix: 'silver/', ...rest }) as LifecycleRule
const expires = { NoncurrentVersionExpiration: { NoncurrentDays: 30 } }
const ask = (client: Pick<S3Client, 'send'>) => keptVersions(client, 'lake', 'silver/reviews/')

describe('keptVersions()', () => {
  it('has nothing to say where nothing is kept', async () => {
    assert.equal(await ask(bucket(undefined)), undefined)
  })

  it('says when the lifecycle frees the space', async () => {
    for (const rules of [[rule(expires)], [rule({ ...expires, Prefix: undefined, Filter: { Prefix: '' } })]])
      assert.match((await ask(bucket('Enabled', rules))) ?? '', /^s3:\/\/lake keeps versions .* after 30 days$/)
  })

  it('says that nothing does: no rule, another prefix, a filter, a rule that is off, versioning that was suspended', async () => {
    for (const client of [
      bucket('Enabled', named('NoSuchLifecycleConfiguration')),
      bucket('Suspended', []),
      bucket('Enabled', [rule({ ...expires, Prefix: 'bronze/' })]),
      bucket('Enabled', [rule({ ...expires, Filter: { Tag: { Key: 'a', Value: 'b' } } })]),
      bucket('Enabled', [rule({ ...expires, Status: 'Disabled' })]),
      bucket('Enabled', [rule({ ExpirationInDays: 7 })]),
    ])
      assert.match(
        (await ask(client)) ?? '',
        /no lifecycle rule expires them under silver\/reviews\/: no space is freed/,
      )
  })

  it('says so when it may not ask', async () => {
    for (const client of [bucket(named('AccessDenied')), bucket('Enabled', named('AccessDenied'))])
      assert.match((await ask(client)) ?? '', /it is not known whether .*\(AccessDenied\)/)
  })
})
