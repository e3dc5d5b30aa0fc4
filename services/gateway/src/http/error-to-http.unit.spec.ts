import { describe, expect, test } from '@jest/globals';
import {
  BrokerUnavailable,
  ContractViolation,
  createTicket,
  OutcomeUnknown,
  Overloaded,
  Refusal,
  refusalReason,
  RemoteFailure,
  type RefusalReason,
} from '@turno/shared';
import { errorToHttp, HttpError } from './error-to-http.ts';

const sample = { branch_id: '27b6', sector_id: 's8', service_id: '7b6' };

function answerTo(body: unknown): [number, string] {
  const { error } = createTicket.safeParse(body);
  const { status, message } = errorToHttp(error);
  return [status, message];
}

describe('a broken request', () => {
  const broken = {
    branch_id: 'Invalid branch ID.',
    sector_id: 'Invalid sector ID.',
    service_id: 'Invalid service ID.',
    channel: 'Invalid channel.',
    phone: 'Invalid phone.',
    customer_id: 'Invalid customer ID.',
    customer_id_type: 'Invalid customer ID type.',
    customer_id_number: 'Invalid customer ID number.',
  };
  const fields = Object.entries(broken);

  test.each(fields.map(([name, message], i) => [name, message, fields.slice(i)] as const))(
    'when %s is the first of the table that is broken, then the answer is 400 "%s"',
    (_name, message, rest) => {
      // Backwards, so that the order of the table and not that of the body must decide.
      const body = {
        ...sample,
        customer_id_type: 'D',
        ...Object.fromEntries(rest.toReversed().map(([name]) => [name, ''])),
      };

      expect(answerTo(body)).toEqual([400, message]);
    },
  );

  test('when a malformed number comes without its type, then the type is named: it stands first', () => {
    expect(answerTo({ ...sample, customer_id_number: '-' })).toEqual([400, 'Invalid customer ID type.']);
  });

  test.each([[undefined], [null], ['text'], [[]]])('when the body is %j, then it is an invalid body', (body) => {
    expect(answerTo(body)).toEqual([400, 'Invalid request body.']);
  });
});

describe('a refusal of ticketing', () => {
  const answers: Record<RefusalReason, [number, string]> = {
    UNKNOWN_BRANCH: [400, 'Invalid branch ID.'],
    UNKNOWN_SECTOR: [400, 'Invalid sector ID.'],
    UNKNOWN_SERVICE: [400, 'Invalid service ID.'],
    UNKNOWN_CUSTOMER: [400, 'Invalid customer ID.'],
    UNKNOWN_CUSTOMER_NUMBER: [400, 'Invalid customer ID number.'],
    SERVICE_NOT_OFFERED: [400, 'Not allowed service for the branch.'],
    BRANCH_CLOSED: [400, 'The branch is closed.'],
    SECTOR_CLOSED: [400, 'The sector is closed.'],
    NUMBERS_USED_UP: [400, 'No more tickets for today.'],
    TICKET_ALREADY_HELD: [400, 'The customer already holds a ticket for the service.'],
    TOO_MANY_TICKETS_OF_PHONE: [429, 'Too many tickets for the phone.'],
    TOO_MANY_TICKETS_OF_CUSTOMER: [429, 'Too many tickets for the customer.'],
    REQUEST_STILL_RUNNING: [409, 'The first request with the Idempotency-Key is still running.'],
    TICKET_NOT_FOUND: [404, 'Ticket not found.'],
    BRANCH_NOT_FOUND: [404, 'Branch not found.'],
    CHANNEL_OF_ANOTHER: [403, 'Not allowed for the channel.'],
    CUSTOMER_OF_ANOTHER: [403, 'Not allowed for the customer.'],
    KEY_USED_WITH_ANOTHER_BODY: [422, 'The Idempotency-Key was used with another body.'],
  };

  test.each(refusalReason.options)('when the reason is %s, then it has its status and message', (reason) => {
    const { status, message } = errorToHttp(new Refusal(reason));

    expect([status, message]).toEqual(answers[reason]);
  });
});

describe('a failure', () => {
  test.each([
    ['the broker is away', new BrokerUnavailable('secret'), 503, 'ab93'],
    ['too many calls are in flight', new Overloaded('secret'), 503, 'ab93'],
    ['no answer came in time', new OutcomeUnknown('secret'), 503, 'ab93'],
    ['ticketing failed for a while', new RemoteFailure('secret', true), 503, 'ab93'],
    ['the breaker is open', Object.assign(new Error('secret'), { code: 'EOPENBREAKER' }), 503, 'ab93'],
    ['ticketing failed for good', new RemoteFailure('secret', false), 500, 'ab90'],
    ['the reply has the wrong shape', new ContractViolation('secret'), 500, 'ab90'],
    ['nobody foresaw the error', new Error('secret'), 500, 'ab90'],
    ['a text was thrown', 'secret', 500, 'ab90'],
    ['nothing was thrown', null, 500, 'ab90'],
  ])('when %s, then the answer tells nothing of it', (_when, error, status, code) => {
    const answer = errorToHttp(error);

    expect(answer).toMatchObject({ status, code, message: 'An error has ocurred.' });
    expect(JSON.stringify(answer)).not.toContain('secret');
  });
});

const thrownByBodyParser = (type: string) => Object.assign(new Error('secret'), { type });

describe('a request that HTTP itself refuses', () => {
  test.each([
    ['JSON does not parse', thrownByBodyParser('entity.parse.failed'), 400, 'Invalid request body.'],
    ['the body is cut short', thrownByBodyParser('request.size.invalid'), 400, 'Invalid request body.'],
    ['the caller leaves', thrownByBodyParser('request.aborted'), 400, 'Invalid request body.'],
    ['the body is too large', thrownByBodyParser('entity.too.large'), 413, 'Request body too large.'],
    ['the encoding is unknown', thrownByBodyParser('encoding.unsupported'), 415, 'Unsupported media type.'],
    ['the charset is unknown', thrownByBodyParser('charset.unsupported'), 415, 'Unsupported media type.'],
    ['the body does not decompress', Object.assign(new Error('secret'), { status: 400 }), 400, 'Invalid request body.'],
    ['the path does not decode', Object.assign(new URIError('secret'), { status: 400 }), 404, 'Path not found.'],
    ['nothing is at the path', new HttpError('PATH_NOT_FOUND'), 404, 'Path not found.'],
    ['the path does not take the method', new HttpError('METHOD_NOT_ALLOWED'), 405, 'Method not allowed.'],
  ])('when %s, then it is told so', (_when, error, status, message) => {
    expect(errorToHttp(error)).toMatchObject({ status, message });
  });
});
