import { smsStates } from '@turno/notifications';
import { field } from '@turno/shared';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { interruption } from './interruption.ts';
import { positive } from './positive.ts';
import { since } from './since.ts';
import { listSms, showSms, type ListSmsOptions, type ShowSmsOptions } from './sms-commands.ts';
import { resendableStates, resendSms, type ResendSmsOptions } from './sms-resend-command.ts';
import { teaching } from './teaching.ts';

/** Adds what `turno sms` can do. */
export function addSms(sms: Command): void {
  sms.addHelpText('after', teaching.sms);
  selecting(sms.command('list'), smsStates)
    .description('a line for each SMS, the newest first; phones are masked')
    .option('--limit <count>', 'show so many at most', positive, 50)
    .option('--json', 'as JSON, for scripts; texts with --reveal only')
    .option('--reveal', 'do not mask phones')
    .addHelpText('after', teaching.smsList)
    .action((options: ListSmsOptions) => listSms(options));
  sms
    .command('show')
    .description('the story of one SMS: state, reason, attempts, what happens next; phone and text are masked')
    .argument('<key>', 'its key, as turno sms list shows it')
    .option('--reveal', 'do not mask phone and text')
    .option('--json', 'as JSON, for scripts')
    .addHelpText('after', teaching.smsShow)
    .action((key: string, options: ShowSmsOptions) => showSms(key, options));
  selecting(sms.command('resend'), resendableStates)
    .description('have notifications send one SMS again, or all that are in a state')
    .argument('[key]', 'the key of one')
    .option('--again', 'also one that is SENT or DELIVERED: the phone may get it twice')
    .option('--past-limits', 'also what was held back: DESTINATION_NOT_ALLOWED, PREFIX_CAP')
    .option('-y, --yes', 'do not ask; needed where there is no terminal to ask on')
    .addHelpText('after', teaching.smsResend)
    .action(async (key: string | undefined, options: ResendSmsOptions) => {
      process.exitCode = await resendSms({ ...options, key, signal: interruption() });
    });
}

function selecting(command: Command, states: readonly string[]): Command {
  return command
    .option('--ticket <id>', 'of this ticket')
    .option('--phone <number>', 'to this phone, with + and country code', phone)
    .addOption(new Option('--state <state>', 'in this state').choices(states))
    .option('--since <when>', 'created since: 30m, 2h, 7d ago, or a date or time in UTC', (value) => since(value));
}

function phone(value: string): string {
  if (!field.phone.safeParse(value).success) throw new InvalidArgumentError('A number like +51987776576 is expected.');
  return value;
}
