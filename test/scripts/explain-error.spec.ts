import assert from 'node:assert/strict'
import { InvalidInput } from '../../functions/base/errors.ts'
import { UsageError } from '../../functions/base/refusal.ts'
import { explainError } from '../../scripts/terminal/explain-error.ts'

const named = (name: string, message: string, more = {}) => Object.assign(new Error(message), { name, ...more })

describe('explainError()', () => {
  for (const [error, line] of [
    [new UsageError('--to is needed'), '--to is needed'],
    [
      new InvalidInput('execution input: no'),
      'InvalidInput: execution input: no (docs/troubleshooting.md#invalidinput)',
    ],
    [new Error('several\n  lines'), 'several lines'],
    ['a text', 'a text'],
    [
      named('CredentialsProviderError', 'Could not load credentials from any providers'),
      'there are no AWS credentials: set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or log in with aws sso login',
    ],
    [named('Error', 'Region is missing'), 'no AWS region is set: set AWS_REGION, as in AWS_REGION=eu-central-1'],
    [
      named('ExpiredTokenException', 'The security token expired'),
      'the AWS credentials are not accepted: log in again or set others: The security token expired',
    ],
    [
      named('Error', 'getaddrinfo ENOTFOUND states.eu-centrall-1.amazonaws.com', { code: 'ENOTFOUND' }),
      "AWS can't be reached, check the network, AWS_REGION and AWS_ENDPOINT_URL: getaddrinfo ENOTFOUND states.eu-centrall-1.amazonaws.com",
    ],
    [
      named('Error', "EACCES: permission denied, mkdir '/data/lake'", { code: 'EACCES', path: '/data/lake' }),
      "AccessDenied: EACCES at /data/lake, check the directory's owner and mode",
    ],
  ] as const) {
    it(`makes one line of it: ${line}`, () => assert.equal(explainError(error), line))
  }
})
