import { limitErrors } from './limit-errors.ts';

/** An error that callers can look up: what they get, and what its page tells them. */
export interface DocumentedError {
  readonly status: number;
  /** Four characters; part of the page's address, so it never changes. */
  readonly code: string;
  readonly message: string;
  readonly whatHappened: string;
  readonly whatToDo: string;
}

/** Every 5xx says these very words: clients match on them, so the spelling stays. */
const internalMessage = 'An error has ocurred.';

const correctTheField = 'Correct it and send the request again. Repeating it as it is gives the same answer.';

function field(code: string, message: string, rule: string): DocumentedError {
  return { status: 400, code, message, whatHappened: rule, whatToDo: correctTheField };
}

const id = '2 to 6 lower-case letters and digits';

/** Every error of the API, by a name that the code uses. */
export const documentedErrors = {
  INVALID_BODY: field('bd01', 'Invalid request body.', 'The body is not a JSON object.'),
  INVALID_BRANCH: field('fd01', 'Invalid branch ID.', `branch_id is missing, is not ${id}, or names no branch.`),
  INVALID_SECTOR: field(
    'fd02',
    'Invalid sector ID.',
    `sector_id is missing, is not ${id}, or is no sector of the branch.`,
  ),
  INVALID_SERVICE: field('fd03', 'Invalid service ID.', `service_id is missing, is not ${id}, or names no service.`),
  INVALID_CHANNEL: field('fd04', 'Invalid channel.', 'channel is not a text of 1 to 20 characters.'),
  INVALID_PHONE: field(
    'fd05',
    'Invalid phone.',
    'phone is not a plus sign and 4 to 15 digits, the first of them not 0.',
  ),
  INVALID_CUSTOMER: field(
    'fd06',
    'Invalid customer ID.',
    'customer_id is not 1 to 20 letters and digits, or is not known.',
  ),
  INVALID_CUSTOMER_TYPE: field(
    'fd07',
    'Invalid customer ID type.',
    'customer_id_type is not 1 or 2 letters and digits, or is missing beside customer_id_number.',
  ),
  INVALID_CUSTOMER_NUMBER: field(
    'fd08',
    'Invalid customer ID number.',
    'customer_id_number is not 1 to 16 letters and digits, is missing beside customer_id_type, or is not known.',
  ),
  INVALID_STATUS: field(
    'fd09',
    'Invalid status.',
    'status of a ticket is not BLOCKED or ENABLED, or status of branches is not open or close.',
  ),
  INVALID_OFFSET: field('fd10', 'Invalid offset.', 'offset is not a whole number from 0 to 99999.'),
  INVALID_LIMIT: field('fd11', 'Invalid limit.', 'limit is not a whole number from 1 to 50.'),
  FIELD_NOT_FOUND: field(
    'fd12',
    'Requested field not found.',
    'fields is not a list of names of fields, separated by commas.',
  ),
  INVALID_CODE: field('fd13', 'Invalid code.', 'code is not a text of 1 to 20 characters.'),
  INVALID_IS_VIRTUAL: field('fd14', 'Invalid is_virtual.', 'is_virtual is not true or false.'),
  INVALID_LATITUDE: field(
    'fd15',
    'Invalid latitude.',
    'latitude is not a number from -90 to 90, or is missing beside longitude.',
  ),
  INVALID_LONGITUDE: field(
    'fd16',
    'Invalid longitude.',
    'longitude is not a number from -180 to 180, or is missing beside latitude.',
  ),
  INVALID_MIN_LATITUDE: field('fd17', 'Invalid min_latitude.', 'min_latitude is not a number from -90 to 90.'),
  INVALID_MAX_LATITUDE: field(
    'fd18',
    'Invalid max_latitude.',
    'max_latitude is not a number from -90 to 90, or is less than min_latitude.',
  ),
  INVALID_MIN_LONGITUDE: field('fd19', 'Invalid min_longitude.', 'min_longitude is not a number from -180 to 180.'),
  INVALID_MAX_LONGITUDE: field('fd20', 'Invalid max_longitude.', 'max_longitude is not a number from -180 to 180.'),
  INVALID_IDEMPOTENCY_KEY: field(
    'hd01',
    'Invalid Idempotency-Key.',
    'The header is not 1 to 255 visible ASCII characters.',
  ),
  SERVICE_NOT_OFFERED: {
    status: 400,
    code: 'rl01',
    message: 'Not allowed service for the branch.',
    whatHappened: 'The sector of the branch does not offer the service.',
    whatToDo: 'Choose a service of the sector, or a sector that offers the service.',
  },
  BRANCH_CLOSED: {
    status: 400,
    code: 'rl02',
    message: 'The branch is closed.',
    whatHappened: 'The operators have closed the branch: it takes no tickets, whatever the hour.',
    whatToDo: 'Choose another branch, or try again when the branch is open.',
  },
  SECTOR_CLOSED: {
    status: 400,
    code: 'rl03',
    message: 'The sector is closed.',
    whatHappened: 'The operators have closed the sector: it takes no tickets, whatever the hour.',
    whatToDo: 'Choose another sector, or try again when the sector is open.',
  },
  NUMBERS_USED_UP: {
    status: 400,
    code: 'rl04',
    message: 'No more tickets for today.',
    whatHappened: 'The queue has given all of its 9999 numbers of the day.',
    whatToDo: "Try again tomorrow, in the branch's time zone, or choose another branch.",
  },
  TICKET_ALREADY_HELD: {
    status: 400,
    code: 'rl05',
    message: 'The customer already holds a ticket for the service.',
    whatHappened: 'The branch gives a customer one ticket per service and business day, and this customer has one.',
    whatToDo: 'Use the ticket that the customer holds, or cancel it first.',
  },
  ...limitErrors,
  MALFORMED_REQUEST: {
    status: 400,
    code: 'ht00',
    message: 'Invalid HTTP request.',
    whatHappened: 'What arrived is no request of HTTP/1.1, or names no host.',
    whatToDo: 'Look at what a proxy or a hand-written client on the way makes of your request.',
  },
  AUTHENTICATION_REQUIRED: {
    status: 401,
    code: 'au01',
    message: 'Authentication required.',
    whatHappened: 'The request does not show who makes it.',
    whatToDo:
      'Send the header Authorization: Bearer, and behind it an API key of your channel or a token of the customer.',
  },
  INVALID_CREDENTIALS: {
    status: 401,
    code: 'au02',
    message: 'Invalid credentials.',
    whatHappened:
      'The API key is wrong, expired or revoked, or the token is expired, not meant for this API, or not from its issuer. ' +
      'The header WWW-Authenticate says more.',
    whatToDo: 'Get a new token, or ask the operator for a new API key. The same credential gives the same answer.',
  },
  CHANNEL_OF_ANOTHER: {
    status: 403,
    code: 'au03',
    message: 'Not allowed for the channel.',
    whatHappened: 'The API key belongs to another channel than the one in the field channel.',
    whatToDo: "Leave the field out: the ticket gets the key's channel. Or use a key of that channel.",
  },
  CUSTOMER_OF_ANOTHER: {
    status: 403,
    code: 'au04',
    message: 'Not allowed for the customer.',
    whatHappened: "The token is a customer's, and the request names another customer.",
    whatToDo: 'Leave the customer out: the ticket is for the customer of the token.',
  },
  TICKET_NOT_FOUND: {
    status: 404,
    code: 'nf01',
    message: 'Ticket not found.',
    whatHappened: 'There is no ticket with this id, it was cancelled, or it is not for the caller to see.',
    whatToDo: 'Check the id against the one in the answer to the creation.',
  },
  BRANCH_NOT_FOUND: {
    status: 404,
    code: 'nf02',
    message: 'Branch not found.',
    whatHappened: 'There is no branch with this id.',
    whatToDo: 'Take the id from the list of branches.',
  },
  PATH_NOT_FOUND: {
    status: 404,
    code: 'ht04',
    message: 'Path not found.',
    whatHappened: 'The API has nothing at this path.',
    whatToDo: 'Check the path against the API description.',
  },
  METHOD_NOT_ALLOWED: {
    status: 405,
    code: 'ht05',
    message: 'Method not allowed.',
    whatHappened: 'The path exists, and does not take this method.',
    whatToDo: 'Use one of the methods that the Allow header names.',
  },
  UNSUPPORTED_MEDIA_TYPE: {
    status: 415,
    code: 'ht15',
    message: 'Unsupported media type.',
    whatHappened: 'The body is not sent as application/json in UTF-8.',
    whatToDo: 'Set the header Content-Type: application/json.',
  },
  REQUEST_STILL_RUNNING: {
    status: 409,
    code: 'ik09',
    message: 'The first request with the Idempotency-Key is still running.',
    whatHappened: 'An earlier request with the same key and body has not been answered yet.',
    whatToDo: 'Send it again after the seconds in Retry-After: you get the ticket of the first request.',
  },
  KEY_USED_WITH_ANOTHER_BODY: {
    status: 422,
    code: 'ik22',
    message: 'The Idempotency-Key was used with another body.',
    whatHappened: 'An earlier request with the same key had a different body; its ticket stands.',
    whatToDo: 'Use a new key for every new request, and the old key only to repeat a request as it was.',
  },
  INTERNAL: {
    status: 500,
    code: 'ab90',
    message: internalMessage,
    whatHappened: 'A defect of ours. The log has the details under the id in X-Request-Id.',
    whatToDo: 'Try again once, with the same Idempotency-Key if you sent one. If it stays, tell us the X-Request-Id.',
  },
  UNAVAILABLE: {
    status: 503,
    code: 'ab93',
    message: internalMessage,
    whatHappened: 'A part of the system is away, slow or overloaded. The ticket may or may not have been created.',
    whatToDo: 'Try again after the seconds in Retry-After, with the same Idempotency-Key: you get one ticket at most.',
  },
} as const satisfies Record<string, DocumentedError>;

export type DocumentedErrorName = keyof typeof documentedErrors;

export const errorNames = Object.keys(documentedErrors) as DocumentedErrorName[];

/** The error of the API with this message, for those 4xx that a schema finds. */
export function errorWithMessage(message: string): DocumentedErrorName | undefined {
  return byMessage.get(message);
}

const byMessage = new Map<string, DocumentedErrorName>(
  errorNames
    .filter((name) => documentedErrors[name].status < 500)
    .map((name) => [documentedErrors[name].message, name]),
);
