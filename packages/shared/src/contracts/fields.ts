import { z } from 'zod';

/**
 * A required text field. Whatever is wrong with it (missing, of another JSON type, malformed), the message is one and
 * the same, because contract.md gives each field exactly one.
 */
function text(pattern: RegExp, message: string) {
  return z.string({ error: message }).regex(pattern, { error: message });
}

export const branchId = text(/^[0-9a-z]{2,6}$/, 'Invalid branch ID.');
export const sectorId = text(/^[0-9a-z]{2,6}$/, 'Invalid sector ID.');
export const serviceId = text(/^[0-9a-z]{2,6}$/, 'Invalid service ID.');
/** 1 to 20 characters as people count them: the `u` flag keeps an emoji from counting twice. */
export const channel = text(/^.{1,20}$/su, 'Invalid channel.');
/** An international number: plus, country code, subscriber number. Looser than E.164 at the short end, as the contract is. */
export const phone = text(/^\+[1-9][0-9]{3,14}$/, 'Invalid phone.');
export const customerId = text(/^[0-9A-Za-z]{1,20}$/, 'Invalid customer ID.');
export const customerIdType = text(/^[0-9a-zA-Z]{1,2}$/, 'Invalid customer ID type.');
export const customerIdNumber = text(/^[0-9a-zA-Z]{1,16}$/, 'Invalid customer ID number.');

export const ticketId = z.string().regex(/^[0-9a-z]{8,16}$/);
export const queueName = z.string().regex(/^[0-9a-zA-Z]{1,4}$/);
export const ticketNumber = z.int().min(1).max(9999);
/** UTC in ISO 8601 with milliseconds: `2017-02-20T10:00:00.000Z`. */
export const instant = z.iso.datetime({ precision: 3 });
export const name = z.string().min(1).max(120);
export const shortName = z.string().min(1).max(20);
export const address = z.string().min(1).max(100);
/** The languages an SMS can be written in. */
export const language = z.enum(['es', 'en']);
