import { Refusal, TurnoError, type RefusalReason } from '@turno/shared';
import { ZodError } from 'zod';
import { Unauthenticated } from '../auth/unauthenticated.ts';
import {
  documentedErrors,
  errorWithMessage,
  type DocumentedError,
  type DocumentedErrorName,
} from './documented-errors.ts';

/** An error that the HTTP side found by itself, named as the API documents it. */
export class HttpError extends Error {
  readonly documented: DocumentedErrorName;

  constructor(documented: DocumentedErrorName) {
    super(documentedErrors[documented].message);
    this.documented = documented;
  }
}

const refusals: Readonly<Record<RefusalReason, DocumentedErrorName>> = {
  UNKNOWN_BRANCH: 'INVALID_BRANCH',
  UNKNOWN_SECTOR: 'INVALID_SECTOR',
  UNKNOWN_SERVICE: 'INVALID_SERVICE',
  UNKNOWN_CUSTOMER: 'INVALID_CUSTOMER',
  UNKNOWN_CUSTOMER_NUMBER: 'INVALID_CUSTOMER_NUMBER',
  SERVICE_NOT_OFFERED: 'SERVICE_NOT_OFFERED',
  BRANCH_CLOSED: 'BRANCH_CLOSED',
  SECTOR_CLOSED: 'SECTOR_CLOSED',
  NUMBERS_USED_UP: 'NUMBERS_USED_UP',
  TICKET_ALREADY_HELD: 'TICKET_ALREADY_HELD',
  TOO_MANY_TICKETS_OF_PHONE: 'TOO_MANY_TICKETS_OF_PHONE',
  TOO_MANY_TICKETS_OF_CUSTOMER: 'TOO_MANY_TICKETS_OF_CUSTOMER',
  KEY_USED_WITH_ANOTHER_BODY: 'KEY_USED_WITH_ANOTHER_BODY',
  REQUEST_STILL_RUNNING: 'REQUEST_STILL_RUNNING',
  CHANNEL_OF_ANOTHER: 'CHANNEL_OF_ANOTHER',
  CUSTOMER_OF_ANOTHER: 'CUSTOMER_OF_ANOTHER',
  TICKET_NOT_FOUND: 'TICKET_NOT_FOUND',
  BRANCH_NOT_FOUND: 'BRANCH_NOT_FOUND',
};

/** Fields whose order is that of the contract's table; the first broken one names the message. The rest come as found. */
export const judgedInOrder = [
  'branch_id',
  'sector_id',
  'service_id',
  'channel',
  'phone',
  'customer_id',
  'customer_id_type',
  'customer_id_number',
];

/** What Express's body parser calls its errors. */
const bodyParserErrors: Readonly<Record<string, DocumentedErrorName>> = {
  'entity.parse.failed': 'INVALID_BODY',
  'entity.too.large': 'BODY_TOO_LARGE',
  'encoding.unsupported': 'UNSUPPORTED_MEDIA_TYPE',
  'charset.unsupported': 'UNSUPPORTED_MEDIA_TYPE',
  'request.aborted': 'INVALID_BODY',
  'request.size.invalid': 'INVALID_BODY',
};

/** The answer for any error that a request can end in. An error that nobody foresaw is the plain internal one. */
export function errorToHttp(error: unknown): DocumentedError {
  return documentedErrors[nameOf(error)];
}

function nameOf(error: unknown): DocumentedErrorName {
  if (error instanceof HttpError) return error.documented;
  if (error instanceof Unauthenticated)
    return error.reason === 'missing' ? 'AUTHENTICATION_REQUIRED' : 'INVALID_CREDENTIALS';
  if (error instanceof ZodError) return messageOf(error);
  if (error instanceof Refusal) return refusals[error.reason];
  if (error instanceof TurnoError) return error.retryable ? 'UNAVAILABLE' : 'INTERNAL';
  // Express could not decode a part of the path.
  if (error instanceof URIError) return 'PATH_NOT_FOUND';
  const { code, type, status } = (error ?? {}) as { code?: unknown; type?: unknown; status?: unknown };
  if (code === 'EOPENBREAKER') return 'UNAVAILABLE';
  // A body that does not decompress has a status, and no type.
  return bodyParserErrors[String(type)] ?? (status === 400 ? 'INVALID_BODY' : 'INTERNAL');
}

function messageOf(error: ZodError): DocumentedErrorName {
  const first = firstIssue(error);
  return (first && errorWithMessage(first.message)) ?? 'INVALID_BODY';
}

/** The name of the field that the message is about, undefined for the whole body. */
export function firstBrokenField(error: ZodError): string | undefined {
  const field = firstIssue(error)?.path[0];
  return field === undefined ? undefined : String(field);
}

function firstIssue({ issues }: ZodError) {
  return issues.toSorted((a, b) => rank(a.path[0]) - rank(b.path[0]))[0];
}

function rank(field: PropertyKey | undefined): number {
  const place = judgedInOrder.indexOf(String(field));
  return place < 0 ? judgedInOrder.length : place;
}
