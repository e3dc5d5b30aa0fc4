import type { Command } from 'commander';
import {
  createKey,
  listKeys,
  revokeKey,
  rotateKey,
  usualGraceMs,
  type CreateKeyOptions,
  type ListKeysOptions,
  type RotateKeyOptions,
} from './keys-commands.ts';
import { teachingKeys } from './teaching-keys.ts';
import { lengthOfTime, timeToCome } from './time-to-come.ts';

const expires = ['--expires <when>', 'it holds until then: in 24h or 90d, or a date or time in UTC'] as const;
const whenItExpires = (value: string): Date => timeToCome(value);

/** Adds what `turno keys` can do. */
export function addKeys(keys: Command): void {
  keys.addHelpText('after', teachingKeys.keys);
  keys
    .command('create')
    .description('make a key for a channel and write it, this once')
    .argument('<channel>', 'whose tickets it may take and see: mobile, kiosk')
    .requiredOption('--name <text>', 'who has it, for those who look at the list')
    .option(...expires, whenItExpires)
    .option('--json', 'as JSON, for scripts')
    .addHelpText('after', teachingKeys.create)
    .action((channel: string, options: CreateKeyOptions) => createKey(channel, options));
  keys
    .command('list')
    .description('a line for each key that holds; never the key')
    .option('--channel <name>', 'of this channel')
    .option('--all', 'also those that are expired or revoked')
    .option('--json', 'as JSON, for scripts')
    .addHelpText('after', teachingKeys.list)
    .action((options: ListKeysOptions) => listKeys(options));
  keys
    .command('revoke')
    .description('end a key')
    .argument('<id>', 'as turno keys list shows it, or what is between the underscores of the key')
    .option('--json', 'as JSON, for scripts')
    .addHelpText('after', teachingKeys.revoke)
    .action((id: string, options: { readonly json?: boolean }) => revokeKey(id, options));
  keys
    .command('rotate')
    .description('make another key for the channel of one, which goes on for a while')
    .argument('<id>', 'of the old one')
    .option('--grace <time>', 'how long the old one goes on: 30m, 24h, 7d; 0 ends it now', lengthOfTime, usualGraceMs)
    .option(...expires, whenItExpires)
    .option('--json', 'as JSON, for scripts')
    .addHelpText('after', teachingKeys.rotate)
    .action((id: string, options: RotateKeyOptions) => rotateKey(id, options));
}
