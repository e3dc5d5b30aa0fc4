import { jest, afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { smsRecordModel } from '@turno/notifications';
import { customerModel, CustomerRepository, TicketErasure, ticketModel } from '@turno/ticketing';
import { eraseCustomer, type EraseCustomerOptions } from '../src/customers/customer-erase-command.ts';
import { exportCustomer } from '../src/customers/customer-export-command.ts';
import { Patient } from './patient.ts';
import { recordingTerminal } from './recording-terminal.ts';

const customer = { id: 'a1', id_type: 'D', id_number: 'MK44556677', phone: '+51911223344' };
const stranger = '+51922334455';

let patient: Patient;
let taken = 0;

beforeAll(async () => {
  patient = await Patient.open('customers-erase');
});
beforeEach(async () => {
  const { database } = patient;
  for (const model of [ticketModel(database), customerModel(database), smsRecordModel(database)]) {
    await (model as ReturnType<typeof ticketModel>).deleteMany({});
  }
  await new CustomerRepository(customerModel(database)).put([{ ...customer, language: 'es', promotions: true }]);
});
afterAll(() => patient.close());

/** A ticket of the past, as ticketing stores it, and its SMS. */
async function take(holder: string | undefined, phone: string): Promise<string> {
  const id = `spectickt${++taken}`;
  const createdAt = new Date(Date.now() - taken * 3_600_000);
  const own = { businessDay: '2026-11-24', branchId: '27b6', queue: 'T', number: taken, createdAt };
  const request = { id: 'r', key: `own:${id}`, fingerprint: 'of the body' };
  const about = { language: 'es', promotionsAllowed: true, timeZone: 'America/Lima', issued: { id, phone } };
  await ticketModel(patient.database).collection.insertOne({
    _id: id,
    ...own,
    request,
    ...about,
    ...(holder && { holder }),
  } as never);
  const sms = { ticketId: id, to: phone, text: 'Su turno', state: 'SENT', since: createdAt, createdAt, attempt: 1 };
  await smsRecordModel(patient.database).collection.insertOne({ _id: `${id}.created`, ...sms } as never);
  return id;
}

async function erase(options: EraseCustomerOptions, answer?: boolean) {
  const { terminal, said, noted, asked } = recordingTerminal(answer);
  const code = await eraseCustomer(options, terminal);
  return { code, said: said.join('\n'), noted: noted.join('\n'), asked };
}

/** The phones that are left in tickets and SMS records. */
async function phonesLeft(): Promise<string[]> {
  const tickets = await ticketModel(patient.database).find().lean();
  const records = await smsRecordModel(patient.database).find().lean();
  return [...tickets.map(({ issued }) => issued.phone), ...records.map(({ to }) => to)].filter(
    (phone) => phone !== undefined,
  );
}

test('when nothing is meant to change, or the operator says no, then nothing is erased', async () => {
  await take('id:a1', customer.phone);

  const dry = await erase({ id: 'a1', dryRun: true });
  const declined = await erase({ id: 'a1' }, false);
  const alone = erase({ id: 'a1' });

  await expect(alone).rejects.toThrow('erasing takes --yes');
  expect(dry.said).toMatch(/tickets +1\n[^]*--dry-run stops here/);
  expect(declined.asked).toEqual(['Erase what is kept of the customer a1 for good?']);
  expect([dry.code, declined.code, (await phonesLeft()).length]).toEqual([0, 0, 2]);
});

test('when it dies half-way, then the same command finds what is left and erases it; a third finds nothing', async () => {
  await take('id:a1', customer.phone);
  jest.spyOn(TicketErasure.prototype, 'erase').mockRejectedValueOnce(new Error('the power is gone'));
  await expect(erase({ id: 'a1', yes: true })).rejects.toThrow('the power is gone');
  expect(await phonesLeft()).toEqual([customer.phone]);

  const again = await erase({ id: 'a1', yes: true });
  const third = await erase({ id: 'a1', yes: true, json: true });

  expect(again).toMatchObject({ code: 0, said: expect.stringContaining('Nothing is left of the customer a1.') });
  expect(await phonesLeft()).toEqual([]);
  expect(await customerModel(patient.database).countDocuments()).toBe(0);
  expect(third.said).not.toMatch(/"(found|erased)": [1-9]/);
});

test('when the customer is named by a document, then it is the one of the directory, and whoever took tickets by it before', async () => {
  await take('id:a1', customer.phone);
  await take('document:D:MK44556677', stranger);

  const { code } = await erase({ document: ['D', 'MK44556677'], yes: true });

  expect([code, await phonesLeft()]).toEqual([0, []]);
});

test('when a phone is all that is known, then tickets of customers with ids stay, and are told of', async () => {
  await take('id:a1', stranger);
  await take(undefined, stranger);
  await take(undefined, customer.phone);

  const { code, noted } = await erase({ phone: stranger, yes: true });

  expect(code).toBe(0);
  expect((await phonesLeft()).toSorted()).toEqual([customer.phone, customer.phone, stranger, stranger]);
  expect(noted).toContain('the customer a1');
});

test('when a server is away, then it is named and nothing is erased', async () => {
  await take('id:a1', customer.phone);
  const { NOTIFICATIONS_MONGO_URL: url } = process.env;
  process.env['NOTIFICATIONS_MONGO_URL'] = 'mongodb://127.0.0.1:9/notifications?serverSelectionTimeoutMS=200';

  const erasing = erase({ id: 'a1', yes: true }).finally(() => (process.env['NOTIFICATIONS_MONGO_URL'] = url));

  await expect(erasing).rejects.toThrow(/nothing was done[^]*notifications' database \(NOTIFICATIONS_MONGO_URL\)/);
  expect(await phonesLeft()).toHaveLength(2);
});

test.each([
  [{}, 'in one way'],
  [{ id: 'a1', phone: stranger }, 'in one way'],
  [{ phone: '922334455' }, 'Invalid phone.'],
  [{ document: ['D'] }, 'Invalid customer ID number.'],
])('when the customer is named as %j, then it is refused', async (names, message) => {
  await expect(exportCustomer(names, recordingTerminal().terminal)).rejects.toThrow(message);
});
