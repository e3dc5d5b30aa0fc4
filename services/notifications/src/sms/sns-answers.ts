import type { Verdict } from './failures.ts';

const notOurs: Verdict = ['away', 'AWS does not accept our credentials'];
const noKey: Verdict = ['away', 'the key that encrypts is not to be used'];
const tooMuch: Verdict = ['throttled', 'too many requests'];
const inside: Verdict = ['ambiguous', 'an error inside AWS'];
const notValid: Verdict = ['permanent', 'the number, or another parameter, is not valid'];

/**
 * What the errors of `Publish` mean for a message, by the names that the SDK gives them.
 *
 * @see https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
 * @see https://docs.aws.amazon.com/sns/latest/api/CommonErrors.html
 */
const names: Readonly<Record<string, Verdict>> = {
  InvalidParameterException: notValid,
  InvalidParameterValueException: notValid,
  ValidationException: notValid,
  ValidationError: notValid,
  OptedOutException: ['permanent', 'the phone has opted out'],
  ThrottledException: tooMuch,
  ThrottlingException: tooMuch,
  Throttling: tooMuch,
  TooManyRequestsException: tooMuch,
  RequestLimitExceeded: tooMuch,
  KMSThrottlingException: tooMuch,
  AuthorizationErrorException: notOurs,
  AccessDeniedException: notOurs,
  AccessDenied: notOurs,
  InvalidSecurityException: notOurs,
  InvalidClientTokenId: notOurs,
  UnrecognizedClientException: notOurs,
  SignatureDoesNotMatch: notOurs,
  IncompleteSignature: notOurs,
  MissingAuthenticationToken: notOurs,
  NotAuthorized: notOurs,
  ExpiredToken: notOurs,
  ExpiredTokenException: notOurs,
  RequestExpired: notOurs,
  OptInRequired: notOurs,
  CredentialsProviderError: ['away', 'there are no AWS credentials'],
  TokenProviderError: ['away', 'there are no AWS credentials'],
  EndpointDisabledException: ['away', 'SMS are disabled for this account'],
  PlatformApplicationDisabledException: ['away', 'SMS are disabled for this account'],
  NotFoundException: ['away', 'there is nothing of that name at AWS'],
  UserErrorException: ['away', 'the account is set up in a way that SNS does not take'],
  KMSAccessDeniedException: noKey,
  KMSDisabledException: noKey,
  KMSInvalidStateException: noKey,
  KMSNotFoundException: noKey,
  KMSOptInRequired: noKey,
  InternalErrorException: inside,
  InternalFailure: inside,
  ServiceUnavailable: inside,
};

/** What an error of SNS means, by its name, else by the status; undefined for one that is no answer. */
export function verdictOf(name: string, status: number | undefined): Verdict | undefined {
  const known = names[name];
  if (known || status === undefined) return known;
  if (status === 429) return tooMuch;
  if (status === 408) return inside;
  if (status === 401 || status === 403 || status === 404) return notOurs;
  if (status >= 400 && status < 500) return ['permanent', 'refused'];
  return inside;
}
