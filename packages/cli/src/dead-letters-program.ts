import { subscriptions } from '@turno/shared';
import type { Command } from 'commander';
import {
  discardDeadLetters,
  listDeadLetters,
  redriveDeadLetters,
  showDeadLetter,
  type DiscardOptions,
  type ListOptions,
  type SettleOptions,
  type ShowOptions,
} from './dead-letters-commands.ts';
import { interruption } from './interruption.ts';
import { positive } from './positive.ts';
import { teaching } from './teaching.ts';

/** Adds what `turno dead-letters` can do. */
export function addDeadLetters(deadLetters: Command): void {
  deadLetters.addHelpText('after', teaching.deadLetters);
  onQueue(deadLetters.command('list'))
    .description('a line for each dead letter, and how many there are of each reason')
    .option('--json', 'as JSON, for scripts')
    .option('--limit <count>', 'show so many at most, from the head of the queue', positive, 1_000)
    .addHelpText('after', teaching.deadLettersList)
    .action((options: ListOptions) => listDeadLetters(options));
  onQueue(deadLetters.command('show'))
    .description('headers and body of one dead letter; phones and document numbers are masked')
    .argument('<id>', 'its message id, or @N for the Nth of the list')
    .option('--reveal', 'do not mask phones and document numbers')
    .option('--json', 'as JSON, for scripts')
    .addHelpText('after', teaching.deadLettersShow)
    .action((id: string, options: ShowOptions) => showDeadLetter(id, options));
  choosing(deadLetters.command('redrive'))
    .description('send dead letters to the queue they came from, their deliveries counted anew')
    .addHelpText('after', teaching.redrive)
    .action(async (id: string | undefined, options: SettleOptions) => {
      process.exitCode = await redriveDeadLetters({ ...options, id, signal: interruption() });
    });
  choosing(deadLetters.command('discard'))
    .description('throw dead letters away for good')
    .option('-y, --yes', 'do not ask; needed where there is no terminal to ask on')
    .addHelpText('after', teaching.discard)
    .action(async (id: string | undefined, options: DiscardOptions) => {
      process.exitCode = await discardDeadLetters({ ...options, id, signal: interruption() });
    });
}

function choosing(command: Command): Command {
  return onQueue(command)
    .argument('[id]', 'the message id of one, or @N for the Nth of the list')
    .option('--reason <text>', 'all whose reason begins with this text')
    .option('--all', 'all that are in the queue');
}

function onQueue(command: Command): Command {
  const names = subscriptions.map(({ deadLetterQueue }) => deadLetterQueue.name);
  return command.option('--queue <name>', `the dead-letter queue: ${names.join(', ')}`, names[0]);
}
