import type { DocumentedError } from './documented-errors.ts';

/** What a caller is told who sends too much, too many or too slowly. */
export const limitErrors = {
  TOO_MANY_TICKETS_OF_PHONE: {
    status: 429,
    code: 'rl06',
    message: 'Too many tickets for the phone.',
    whatHappened:
      'The phone, the one sent or that of the known customer, has taken as many tickets as it may in a while.',
    whatToDo: 'Use the tickets there are, or try again after the seconds in Retry-After.',
  },
  TOO_MANY_TICKETS_OF_CUSTOMER: {
    status: 429,
    code: 'rl07',
    message: 'Too many tickets for the customer.',
    whatHappened: 'The customer has taken as many tickets as one may in a while, cancelled ones included.',
    whatToDo: 'Use the tickets there are, or try again after the seconds in Retry-After.',
  },
  REQUEST_TIMEOUT: {
    status: 408,
    code: 'ht08',
    message: 'Request timeout.',
    whatHappened: 'The request did not end in time: its head has 10 seconds, the whole of it 30. Nothing was done.',
    whatToDo: 'Send it again, over a better connection.',
  },
  BODY_TOO_LARGE: {
    status: 413,
    code: 'ht13',
    message: 'Request body too large.',
    whatHappened: 'The body is larger than 16 KiB.',
    whatToDo: 'Send the fields of the API alone.',
  },
  URL_TOO_LONG: {
    status: 414,
    code: 'ht14',
    message: 'URL too long.',
    whatHappened: 'The path and the query are longer than 4,096 characters.',
    whatToDo: 'Send the parameters of the API alone.',
  },
  HEADERS_TOO_LARGE: {
    status: 431,
    code: 'ht31',
    message: 'Request header fields too large.',
    whatHappened: 'The headers are larger than 16 KiB in all, or more than 100.',
    whatToDo: 'Look at what your client, or a proxy on the way, adds to your requests: cookies, mostly.',
  },
  TOO_MANY_REQUESTS: {
    status: 429,
    code: 'ht29',
    message: 'Too many requests.',
    whatHappened: 'Your address, your API key or the customer has sent more requests than it may in a minute.',
    whatToDo:
      'Wait for the seconds in Retry-After. The header RateLimit says on every answer how many are left of each limit.',
  },
} as const satisfies Record<string, DocumentedError>;
