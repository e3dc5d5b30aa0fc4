import { describe, expect, test } from '@jest/globals';
import { createTicket } from './create-ticket.ts';

const sample = { branch_id: '27b6', sector_id: 's8', service_id: '7b6' };

/** What is wrong with a body, as `field: message`, in the order found. */
function complaints(body: unknown): string[] {
  const result = createTicket.safeParse(body);
  return result.success ? [] : result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
}

const rules: Record<string, { message: string; good: string[]; bad: string[] }> = {
  branch_id: {
    message: 'Invalid branch ID.',
    good: ['27', '27b6', 'abcdef'],
    bad: ['', 'a', 'abcdefg', 'AB', 'a-b', 'ab\n'],
  },
  sector_id: { message: 'Invalid sector ID.', good: ['s8', '000000'], bad: ['', 's', 'sector8', 'S8', ' s8', 's8 '] },
  service_id: { message: 'Invalid service ID.', good: ['7b', '7b6xyz'], bad: ['', '7', '7b6wxyz', '7B6', '7é'] },
  channel: {
    message: 'Invalid channel.',
    good: ['m', 'mobile', 'x'.repeat(20), '📱'.repeat(20), 'línea 1', 'a\nb'],
    bad: ['', 'x'.repeat(21), '📱'.repeat(21)],
  },
  phone: {
    message: 'Invalid phone.',
    good: ['+1234', '+51987776576', '+123456789012345'],
    bad: ['', '+123', '+1234567890123456', '51987776576', '+0123456', '+51 987776576', '+51987776576\n'],
  },
  customer_id: {
    message: 'Invalid customer ID.',
    good: ['a', 'a9087s902m', 'Z'.repeat(20)],
    bad: ['', 'Z'.repeat(21), 'a b', 'a_b', 'ñ'],
  },
};

const cases = (kind: 'good' | 'bad') =>
  Object.entries(rules).flatMap(([field, rule]) => rule[kind].map((value) => [field, value, rule.message] as const));

describe('a field of its own', () => {
  test.each(cases('good'))('when %s is %j, then it is taken', (field, value) => {
    expect(complaints({ ...sample, [field]: value })).toEqual([]);
  });

  test.each(cases('bad'))('when %s is %j, then the message is "%s"', (field, value, message) => {
    expect(complaints({ ...sample, [field]: value })).toEqual([`${field}: ${message}`]);
  });

  test.each(Object.entries(rules).map(([field, { message }]) => [field, message]))(
    'when %s is of another JSON type, then it is not coerced and the message is "%s"',
    (field, message) => {
      for (const value of [27, true, null, ['27b6'], { id: '27b6' }]) {
        expect(complaints({ ...sample, [field]: value })).toEqual([`${field}: ${message}`]);
      }
    },
  );

  test.each(['branch_id', 'sector_id', 'service_id'])('when %s is missing, then it is invalid', (field) => {
    const { [field as keyof typeof sample]: _left, ...body } = sample;

    expect(complaints(body)).toEqual([`${field}: ${rules[field]!.message}`]);
  });
});

describe('the identity document', () => {
  const type = 'customer_id_type: Invalid customer ID type.';
  const number = 'customer_id_number: Invalid customer ID number.';

  test.each([
    ['D', '1'],
    ['9z', 'Z'.repeat(16)],
  ])('when type %s and number %s come together, then they are taken', (idType, idNumber) => {
    expect(complaints({ ...sample, customer_id_type: idType, customer_id_number: idNumber })).toEqual([]);
  });

  test.each([
    ['the type comes alone', { customer_id_type: 'D' }, number],
    ['the number comes alone', { customer_id_number: '1' }, type],
    ['the type is malformed', { customer_id_type: 'DNI', customer_id_number: '1' }, type],
    ['the type is empty', { customer_id_type: '', customer_id_number: '1' }, type],
    ['the type is a number', { customer_id_type: 1, customer_id_number: '1' }, type],
    ['the number is malformed', { customer_id_type: 'D', customer_id_number: '1-2' }, number],
    ['the number is too long', { customer_id_type: 'D', customer_id_number: '1'.repeat(17) }, number],
    ['the number is a JSON number', { customer_id_type: 'D', customer_id_number: 1 }, number],
    ['a customer id does not make up for it', { customer_id: 'a1', customer_id_type: 'D' }, number],
  ])('when %s, then that is the complaint', (_when, part, complaint) => {
    expect(complaints({ ...sample, ...part })).toEqual([complaint]);
  });
});

describe('the body', () => {
  test('when several fields are broken, then each is named', () => {
    const fields = complaints({ customer_id_number: '', customer_id: '', phone: '', channel: '', branch_id: 'X' });

    expect(fields.map((line) => line.split(':')[0])).toEqual([
      'branch_id',
      'sector_id',
      'service_id',
      'channel',
      'phone',
      'customer_id',
      'customer_id_number',
      'customer_id_type',
    ]);
  });

  test('when it has fields that nobody knows, then they are dropped', () => {
    expect(createTicket.parse({ ...sample, colour: 'red', status: 'ENABLED' })).toEqual(sample);
  });

  test.each([[undefined], [null], ['text'], [7], [true]])('when it is %j, then it is no body', (body) => {
    expect(complaints(body)).toEqual([': Invalid request body.']);
  });

  test('when it is an array, then it is no body', () => {
    expect(complaints([sample])).toEqual([': Invalid request body.']);
  });
});
