import { denial, permanentFault } from '../../functions/adapters/directory/file-errors.ts'
import { errorDefinition } from '../../functions/base/error-definitions.ts'
import { anchorOf } from '../../functions/base/errors.ts'

/** An error as one line: what, where, what to do, and where the documentation describes it. */
export function explainError(error: unknown): string {
  const { name, message } = error instanceof Error ? error : new Error(String(error))
  const denied = name === 'Error' ? denial(error) : undefined
  if (denied !== undefined) return `AccessDenied: ${denied}`
  const fault = name === 'Error' ? permanentFault(error, pathOf(error)) : undefined
  if (fault) return `${fault.name}: ${fault.message}`
  const known =
    AWS[name] ?? AWS[reasonOf(error)] ?? (/^Region is missing/.test(message) ? NO_REGION : unreachable(error))
  const text = known === undefined ? message : `${known}${known.endsWith(':') ? ` ${message}` : ''}`
  const prefix = known !== undefined || PLAIN.has(name) ? '' : `${name}: `
  const anchor = anchorOf(name)
  const where =
    prefix === '' || errorDefinition(name) === undefined || text.endsWith(`(${anchor})`) ? '' : ` (${anchor})`
  return `${prefix}${text.replaceAll(/\s*\n\s*/g, ' ')}${where}`
}

function pathOf(error: unknown): string {
  return error instanceof Error && 'path' in error ? String(error.path) : 'a file'
}

/** What S3 or another service has called an error that became one of ours. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined
  return cause instanceof Error ? cause.name : ''
}

/** Errors of commands, whose names say nothing. */
const PLAIN: ReadonlySet<string> = new Set(['UsageError', 'Refusal', 'Interrupted', 'Error'])

/** What is said where no connection could be made; only the AWS SDK makes any. */
function unreachable(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return NETWORK.has(code) ? "AWS can't be reached, check the network, AWS_REGION and AWS_ENDPOINT_URL:" : undefined
}

const NETWORK: ReadonlySet<string> = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT', 'EHOSTUNREACH'])
const NO_REGION = 'no AWS region is set: set AWS_REGION, as in AWS_REGION=eu-central-1'
const NEW_CREDENTIALS = 'the AWS credentials are not accepted: log in again or set others:'
const WRONG_KEY =
  'the AWS credentials are not accepted: log in again, or set AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and, if they are ' +
  'temporary, AWS_SESSION_TOKEN:'
const EXPIRED =
  'the AWS credentials have expired: log in again (aws sso login), or set AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and ' +
  'AWS_SESSION_TOKEN again:'

/** What errors of the AWS SDK mean to who calls a command; with a colon at the end, their message follows. */
const AWS: Readonly<Record<string, string>> = {
  CredentialsProviderError:
    'there are no AWS credentials: set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or log in with aws sso login',
  ExpiredToken: EXPIRED,
  InvalidToken: WRONG_KEY,
  InvalidAccessKeyId: WRONG_KEY,
  SignatureDoesNotMatch: WRONG_KEY,
  RequestTimeTooSkewed: "this machine's clock is wrong, and AWS refuses the request: set it:",
  ExpiredTokenException: NEW_CREDENTIALS,
  TokenProviderError: 'the AWS session has ended: log in again (aws sso login):',
  InvalidClientTokenId: NEW_CREDENTIALS,
  InvalidSignatureException: NEW_CREDENTIALS,
  UnrecognizedClientException: NEW_CREDENTIALS,
  AccessDeniedException: 'AWS does not allow it, ask for the right that is missing:',
}
