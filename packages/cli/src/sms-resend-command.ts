import { isHeldBack, resendSmsUseCase, type Resent, type SmsRecord } from '@turno/notifications';
import { mask, systemClock } from '@turno/shared';
import { filterOf, withSms, type SmsSelection } from './sms-commands.ts';
import { Progress } from './progress.ts';
import { processTerminal, type Terminal } from './terminal.ts';

export interface ResendSmsOptions extends SmsSelection {
  readonly key?: string | undefined;
  /** Also one that the provider or the phone has. */
  readonly again?: boolean;
  /** Also those that were held back. */
  readonly pastLimits?: boolean;
  /** Do not ask. */
  readonly yes?: boolean;
  readonly signal?: AbortSignal;
}

/** States of which many may be sent again at once: nobody has them, as far as is known. */
export const resendableStates = ['FAILED', 'UNKNOWN'] as const;

/**
 * Has SMS sent that stay behind: one, or all that are in a state, once that is confirmed.
 *
 * @returns the exit code: 0 when each that is meant is due, 130 when it was interrupted
 * @throws when one cannot be sent again, when nobody is there to confirm, or when it is not clear which are meant
 */
export async function resendSms(options: ResendSmsOptions, terminal: Terminal = processTerminal): Promise<number> {
  const { key, ticket, phone, state, since, again = false, yes = false } = options;
  const isOfMany = [ticket, phone, state, since].some((filter) => filter !== undefined);
  if ((key !== undefined && isOfMany) || (key === undefined && state === undefined)) {
    throw new Error('name the SMS in one way: its key, or --state FAILED or UNKNOWN with --since');
  }
  if (key === undefined && since === undefined) {
    throw new Error('--state wants --since: an SMS of long ago tells of a turn that is over');
  }
  if (again && key === undefined) throw new Error('--again is for one SMS, by its key');
  if (!yes && !terminal.isInteractive) {
    throw new Error('nothing was sent: without a terminal to ask on, resending takes --yes');
  }
  return key === undefined ? resendMany(options, terminal) : resendOne(key, options, terminal);
}

async function resendOne(
  key: string,
  { again = false, pastLimits = false, yes = false }: ResendSmsOptions,
  terminal: Terminal,
): Promise<number> {
  return withSms(async (records) => {
    const resend = resendSmsUseCase({ records, clock: systemClock });
    const record = await records.find(key);
    const isToAsk = !yes && record && mayBeSent(record, { again, pastLimits });
    if (isToAsk && !(await isConfirmed(record, terminal))) return 0;
    const resent = await resend(key, { again, pastLimits });
    if (resent.kind !== 'due' && resent.kind !== 'due-already') throw new Error(refusal(key, resent));
    const isDue = resent.kind === 'due';
    terminal.say(`${key} ${isDue ? 'is due: notifications sends it within seconds' : 'is to be sent already'}.`);
    return 0;
  });
}

/** Else there is nothing to ask: it is refused, or to be sent anyway. */
function mayBeSent(record: SmsRecord, { again, pastLimits }: { again: boolean; pastLimits: boolean }): boolean {
  const { state, dueAt, erasedAt } = record;
  if (dueAt || erasedAt || (isHeldBack(record) && !pastLimits)) return false;
  return again || (state !== 'SENT' && state !== 'DELIVERED');
}

async function isConfirmed({ to, state }: SmsRecord, terminal: Terminal): Promise<boolean> {
  const isYes = await terminal.confirm(`Send this SMS, which is ${state}, to ${mask(to)}?`);
  if (!isYes) terminal.say('Nothing was sent.');
  return isYes;
}

function refusal(key: string, { kind }: Exclude<Resent, { kind: 'due' | 'due-already' }>): string {
  switch (kind) {
    case 'not-found':
      return `there is no SMS ${key}; turno sms list shows their keys`;
    case 'erased':
      return `${key} cannot be sent: its phone and text are erased`;
    case 'being-sent':
      return `${key} is being sent at this moment: look again in half a minute`;
    case 'held-back':
      return `${key} was held back because of where it was to go; --past-limits sends it all the same`;
    case 'sent-already':
      return `${key} was sent already; --again sends it once more`;
  }
}

async function resendMany(options: ResendSmsOptions, terminal: Terminal): Promise<number> {
  return withSms(async (records, search) => {
    const filter = filterOf(options);
    const count = await search.count(filter);
    if (count > 0 && !options.yes) {
      if (options.state === 'UNKNOWN') terminal.say('A phone may have its SMS already, and get it twice.');
      const isYes = await terminal.confirm(`Send ${count.toLocaleString('en')} SMS that are ${options.state}?`);
      if (!isYes) return (terminal.say('Nothing was sent.'), 0);
    }
    const resend = resendSmsUseCase({ records, clock: systemClock });
    const totals = { due: 0, already: 0, heldBack: 0 };
    const progress = new Progress(terminal, 'SMS');
    for await (const key of search.keys(filter)) {
      if (options.signal?.aborted) break;
      const { kind } = await resend(key, { pastLimits: options.pastLimits ?? false });
      if (kind === 'due') totals.due++;
      if (kind === 'due-already') totals.already++;
      if (kind === 'held-back') totals.heldBack++;
      progress.report({ count: totals.due, share: (totals.due + totals.already + totals.heldBack) / count });
    }
    progress.end();
    return conclude(totals, options, terminal);
  });
}

function conclude(
  { due, already, heldBack }: { due: number; already: number; heldBack: number },
  { signal }: ResendSmsOptions,
  terminal: Terminal,
): number {
  const words = `${due.toLocaleString('en')} SMS ${due === 1 ? 'is' : 'are'} due`;
  terminal.say(due === 0 ? 'There is none to be sent again.' : `${words}: notifications sends them within seconds.`);
  if (already > 0) terminal.say(`${already.toLocaleString('en')} were to be sent already.`);
  if (heldBack > 0)
    terminal.say(`${heldBack.toLocaleString('en')} were held back, and stay so; --past-limits sends them too.`);
  if (!signal?.aborted) return 0;
  terminal.note('Interrupted. The others are as they were: give the command again.');
  return 130;
}
