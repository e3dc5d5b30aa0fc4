import { z } from 'zod';

/**
 * A text field. Whatever is wrong with it (missing, of another JSON type, malformed), the message is one and the same,
 * because contract.md gives each field exactly one.
 */
function text(pattern: RegExp, message: string, description: string, example: string) {
  return z
    .string({ error: message })
    .regex(pattern, { error: message })
    .meta({ description, examples: [example] });
}

/** A text of so many characters as people count them: an emoji is one, and half of one (a lone surrogate) is none. */
function characters(min: number, max: number, message: string, description: string, example: string) {
  return z
    .string({ error: message })
    .refine((value) => value.isWellFormed() && isBetween(Array.from(value).length, min, max), { error: message })
    .meta({ description, examples: [example], minLength: min, maxLength: max });
}

function isBetween(value: number, min: number, max: number): boolean {
  return value >= min && value <= max;
}

export const branchId = text(/^[0-9a-z]{2,6}$/, 'Invalid branch ID.', 'Id of a branch.', '27b6');
export const sectorId = text(/^[0-9a-z]{2,6}$/, 'Invalid sector ID.', 'Id of a sector, unique in its branch.', 's8');
export const serviceId = text(/^[0-9a-z]{2,6}$/, 'Invalid service ID.', 'Id of a service.', '7b6');
export const channel = characters(
  1,
  20,
  'Invalid channel.',
  'Where the request comes from; any value is taken, and kept for audit.',
  'mobile',
);
/** Looser than E.164 at the short end, as the contract is. */
export const phone = text(
  /^\+[1-9][0-9]{3,14}$/,
  'Invalid phone.',
  'International number: plus, country code, subscriber number.',
  '+51987776576',
);
export const customerId = text(
  /^[0-9A-Za-z]{1,20}$/,
  'Invalid customer ID.',
  'Id of a customer in the customer directory.',
  'a9087s902m',
);
export const customerIdType = text(
  /^[0-9a-zA-Z]{1,2}$/,
  'Invalid customer ID type.',
  'Kind of identity document; sent together with its number.',
  'D',
);
export const customerIdNumber = text(
  /^[0-9a-zA-Z]{1,16}$/,
  'Invalid customer ID number.',
  'Number of the identity document; sent together with its type.',
  '10203040',
);
export const branchCode = characters(1, 20, 'Invalid code.', "The branch's code in the network's own books.", 'AG001');

export const ticketId = z
  .string()
  .regex(/^[0-9a-z]{8,16}$/)
  .meta({ description: 'Id of the ticket. Whoever holds it may read the ticket.', examples: ['89m32b0998'] });
export const queueName = z
  .string()
  .regex(/^[0-9a-zA-Z]{1,4}$/)
  .meta({ description: "The service's queue at the branch.", examples: ['T'] });
export const ticketNumber = z
  .int()
  .min(1)
  .max(9999)
  .meta({ description: 'Without gaps or repeats per branch, queue and business day.', examples: [2] });
/** UTC in ISO 8601 with milliseconds: `2017-02-20T10:00:00.000Z`. */
export const instant = z.iso.datetime({ precision: 3 }).meta({ examples: ['2017-02-20T10:00:00.000Z'] });
export const name = z.string().min(1).max(120);
export const shortName = z.string().min(1).max(20);
export const address = z.string().min(1).max(100);
const languageTagExpected = 'a language tag such as es or pt-BR is expected';
/**
 * The language to write to somebody in, as BCP 47 has it: `es`, `pt-BR`. Any that is well-formed: which ones an SMS can be
 * written in is a matter of notifications' templates, and one without a template gets the default language.
 */
export const language = z
  .string()
  .regex(/^[A-Za-z]{2,8}(-[0-9A-Za-z]{1,8})*$/, { error: languageTagExpected, abort: true })
  .refine(isLanguageTag, languageTagExpected)
  .meta({ description: 'A language tag of BCP 47.', examples: ['es', 'pt-BR'] });
/** How many items of a list come before the answered ones. */
export const offset = z.int().min(0).max(99_999);
/** How many items of a list are answered at most. */
export const limit = z.int().min(1).max(50);

/** The pattern alone lets some through that make Intl throw, such as `es-1`. */
function isLanguageTag(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    return false;
  }
}
