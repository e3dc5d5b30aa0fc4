import { z } from 'zod';
import { namesThatLeadNowhere, repeatedIds, type Mistake } from './catalogue-rules.ts';
import * as field from './fields.ts';
import { operatingStatus } from './ticket.ts';

const clockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time of day such as 09:00 is expected');
/** `24:00` is the end of the day: a branch from 00:00 to 24:00 is open around the clock. */
const closingTime = z
  .string()
  .regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, 'a time of day such as 18:00 is expected, or 24:00 for midnight');
const date = z.iso.date();
const timeZone = z.string().refine(isTimeZone, 'an IANA time zone such as America/Lima is expected');
const minutes = z.number().min(0);
const moment = z.iso.datetime({ offset: true, error: 'a moment such as 2026-12-31T18:00:00-05:00 is expected' });

const openingHours = z
  .strictObject({ opens: clockTime, closes: closingTime })
  .refine(({ opens, closes }) => opens < closes, {
    path: ['closes'],
    when: isWellFormed,
    error: 'the branch must close after it opens, on the same day (24:00 is its end)',
  });

/** A weekday that is left out is a day on which the branch is closed. */
const weekdays = z.strictObject({
  monday: openingHours.optional(),
  tuesday: openingHours.optional(),
  wednesday: openingHours.optional(),
  thursday: openingHours.optional(),
  friday: openingHours.optional(),
  saturday: openingHours.optional(),
  sunday: openingHours.optional(),
});
const week = weekdays.refine((hours) => Object.values(hours).some(Boolean), {
  when: isWellFormed,
  error: 'the branch opens on no weekday; to close it, give it the status CLOSE',
});

const sector = z.strictObject({
  id: field.sectorId,
  name: field.name,
  short_name: field.shortName,
  status: operatingStatus,
  /** Ids of the services that are offered here. */
  services: z.array(field.serviceId),
});

const branch = z.strictObject({
  id: field.branchId,
  name: field.name,
  short_name: field.shortName,
  code: z.string().min(1).max(20),
  address: field.address,
  latitude: z.number().min(-90).max(90),
  longitude: z.number().min(-180).max(180),
  status: operatingStatus,
  /** A branch without a place to go to: its tellers answer from afar. */
  is_virtual: z.boolean().default(false),
  /** Whether the network takes appointments for it, in whatever system it keeps them. */
  is_bookable: z.boolean().default(false),
  /** A customer who waits for a service here may not take a second ticket for it on the same business day. */
  one_ticket_per_service: z.boolean().default(false),
  time_zone: timeZone,
  /** The language to write to customers in whose own is not known. */
  language: field.language.default('es'),
  hours: week,
  /** Days without opening, in the branch's own calendar. */
  holidays: z.array(date).default([]),
  open_counters: z.int().min(1),
  /** Taken from and added to the expected wait to give the low and the high estimate. */
  deviation_minutes: minutes,
  /** The expected wait, in minutes, from which congestion is MEDIUM, and from which it is HIGH. */
  congestion: z
    .strictObject({ medium_from: minutes, high_from: minutes })
    .refine((levels) => levels.medium_from <= levels.high_from, {
      path: ['high_from'],
      error: 'high_from is below medium_from',
    }),
  sectors: z.array(sector).min(1),
});

const service = z.strictObject({
  id: field.serviceId,
  name: field.name,
  short_name: field.shortName,
  queue: field.queueName,
  /** How long a teller takes for one ticket, on average. */
  mean_minutes: z.number().positive(),
});

/** A promotion applies where and when all of its conditions hold; a condition that is left out always holds. */
const promotion = z
  .strictObject({
    id: z.string().min(1),
    text: z.string().min(1).max(300),
    from: moment.optional(),
    until: moment.optional(),
    branches: z.array(field.branchId).optional(),
    services: z.array(field.serviceId).optional(),
    channels: z.array(field.channel).optional(),
  })
  .refine(({ from, until }) => !from || !until || Date.parse(from) < Date.parse(until), {
    path: ['until'],
    when: isWellFormed,
    error: 'the promotion ends before it begins',
  });

/** A customer of the directory: one in a catalogue file, or a row of a customers file. */
export const knownCustomer = z
  .strictObject({
    id: field.customerId,
    id_type: field.customerIdType.optional(),
    id_number: field.customerIdNumber.optional(),
    phone: field.phone.optional(),
    language: field.language.default('es'),
    /** False for a customer who opted out of promotions. */
    promotions: z.boolean('true or false is expected').default(true),
  })
  .refine((customer) => customer.id_type === undefined || customer.id_number !== undefined, {
    path: ['id_type'],
    error: 'there is an id_type without an id_number',
  })
  .refine((customer) => customer.id_number === undefined || customer.id_type !== undefined, {
    path: ['id_number'],
    error: 'there is an id_number without an id_type',
  });

/** All that ticketing must know about a network of branches: one file, one document, replaced as a whole. */
export const catalogue = z
  .strictObject({
    /** `open`: the network keeps no customer directory, any well-formed customer id is taken. */
    customers: z.enum(['known', 'open']).default('known'),
    /** Channels at the branch itself, whose tickets need no check-in. Any other channel is remote. */
    on_the_spot_channels: z.array(field.channel).default([]),
    services: z.array(service).min(1),
    branches: z.array(branch).min(1),
    promotions: z.array(promotion).default([]),
    known_customers: z.array(knownCustomer).default([]),
  })
  .superRefine((all, context) => {
    const mistakes: Mistake[] = [...repeatedIds(all), ...namesThatLeadNowhere(all)];
    for (const { path, message } of mistakes) context.addIssue({ code: 'custom', path, message });
  });

export type Catalogue = z.infer<typeof catalogue>;
export type Branch = z.infer<typeof branch>;
export type Sector = z.infer<typeof sector>;
export type Service = z.infer<typeof service>;
export type Promotion = z.infer<typeof promotion>;
export type KnownCustomer = z.infer<typeof knownCustomer>;
export type OpeningHours = z.infer<typeof openingHours>;

/** Rules between fields are judged once each field is good by itself: one mistake, one message. */
function isWellFormed({ issues }: { issues: unknown[] }): boolean {
  return issues.length === 0;
}

function isTimeZone(name: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: name }));
  } catch {
    return false;
  }
}
