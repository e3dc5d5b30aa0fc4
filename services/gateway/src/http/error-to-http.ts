import { Refusal, TurnoError, type RefusalReason } from '@turno/shared';
import { ZodError } from 'zod';
import { documentedErrors, type DocumentedError, type DocumentedErrorName } from './documented-errors.ts';

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
  KEY_USED_WITH_ANOTHER_BODY: 'KEY_USED_WITH_ANOTHER_BODY',
};

/** The fields of a request in the order in which they are judged; the first broken one names the message. */
const fields: Readonly<Record<string, DocumentedErrorName>> = {
  branch_id: 'INVALID_BRANCH',
  sector_id: 'INVALID_SECTOR',
  service_id: 'INVALID_SERVICE',
  channel: 'INVALID_CHANNEL',
  phone: 'INVALID_PHONE',
  customer_id: 'INVALID_CUSTOMER',
  customer_id_type: 'INVALID_CUSTOMER_TYPE',
  customer_id_number: 'INVALID_CUSTOMER_NUMBER',
};

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
  if (error instanceof ZodError) return firstBrokenField(error);
  if (error instanceof Refusal) return refusals[error.reason];
  if (error instanceof TurnoError) return error.retryable ? 'UNAVAILABLE' : 'INTERNAL';
  // Express could not decode a part of the path.
  if (error instanceof URIError) return 'PATH_NOT_FOUND';
  const { code, type, status } = (error ?? {}) as { code?: unknown; type?: unknown; status?: unknown };
  if (code === 'EOPENBREAKER') return 'UNAVAILABLE';
  // A body that does not decompress has a status, and no type.
  return bodyParserErrors[String(type)] ?? (status === 400 ? 'INVALID_BODY' : 'INTERNAL');
}

function firstBrokenField(error: ZodError): DocumentedErrorName {
  const broken = new Set(error.issues.map(({ path }) => path[0]));
  const first = Object.keys(fields).find((name) => broken.has(name));
  return first ? fields[first]! : 'INVALID_BODY';
}
