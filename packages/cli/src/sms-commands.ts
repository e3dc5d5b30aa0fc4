import {
  smsRecordModel,
  SmsRecordRepository,
  SmsRecordSearch,
  type SmsFilter,
  type SmsState,
} from '@turno/notifications';
import { withDatabase } from './database.ts';
import { listedSms, shownSms, smsListLines, smsText } from './sms-text.ts';
import { processTerminal, type Terminal } from './terminal.ts';

/** Which SMS a command is about, as it was typed. */
export interface SmsSelection {
  readonly ticket?: string;
  readonly phone?: string;
  readonly state?: SmsState;
  readonly since?: Date;
}

export const filterOf = ({ ticket, phone, state, since }: SmsSelection): SmsFilter => ({
  ticketId: ticket,
  phone,
  state,
  since,
});

/** Runs `use` on the records of the database that NOTIFICATIONS_MONGO_URL names. */
export function withSms<T>(use: (records: SmsRecordRepository, search: SmsRecordSearch) => Promise<T>): Promise<T> {
  return withDatabase('NOTIFICATIONS_MONGO_URL', (connection) => {
    const model = smsRecordModel(connection);
    return use(new SmsRecordRepository(model), new SmsRecordSearch(model));
  });
}

export interface ListSmsOptions extends SmsSelection {
  readonly json?: boolean;
  /** So many at most are shown. */
  readonly limit?: number;
  /** Phones and texts as they are. */
  readonly reveal?: boolean;
}

/** Writes a line for each SMS that is meant, the newest first. */
export async function listSms(
  { json = false, limit = 50, reveal = false, ...selection }: ListSmsOptions,
  terminal: Terminal = processTerminal,
): Promise<void> {
  await withSms(async (_records, search) => {
    const filter = filterOf(selection);
    // One more than is shown says whether there are more, without counting them all.
    const found = await search.newest(filter, limit + 1);
    const shown = found.slice(0, limit);
    if (json) {
      const messages = shown.map((record) => listedSms(record, reveal));
      return terminal.say(JSON.stringify({ messages, more: found.length > limit }, undefined, 2));
    }
    if (shown.length === 0) return terminal.say('There is no such SMS.');
    for (const line of smsListLines(shown, reveal)) terminal.say(line);
    if (found.length > limit) terminal.note(`There are more than these ${limit}; --limit shows more.`);
  });
}

export interface ShowSmsOptions {
  readonly reveal?: boolean;
  readonly json?: boolean;
}

/**
 * Writes the story of one SMS.
 *
 * @throws when there is none of that key
 */
export async function showSms(
  key: string,
  { reveal = false, json = false }: ShowSmsOptions,
  terminal: Terminal = processTerminal,
): Promise<void> {
  await withSms(async (records) => {
    const record = await records.find(key);
    if (!record) throw new Error(`there is no SMS ${key}; turno sms list shows their keys`);
    terminal.say(json ? JSON.stringify(shownSms(record, reveal), undefined, 2) : smsText(record, reveal));
  });
}
