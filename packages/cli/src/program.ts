import { Command } from 'commander';
import { importCatalogue, validateCatalogue } from './catalogue-commands.ts';
import { migrate } from './migrate-command.ts';

const teaching = `
First steps with a new installation:
  $ turno migrate                                 make the collections and indexes of both databases
  $ turno catalogue validate catalogue/demo.yaml  check a catalogue file, nothing is changed
  $ turno catalogue import catalogue/demo.yaml    put it into force; running services take it over within seconds

The databases are named by the environment, as for the services:
  TICKETING_MONGO_URL      mongodb://host/database of the ticketing service
  NOTIFICATIONS_MONGO_URL  mongodb://host/database of the notifications service`;

/** The operator's command-line program. */
export function program(): Command {
  const turno = new Command('turno')
    .description('Runs and mends Turno: migrations and the catalogue of branches, sectors and services.')
    .addHelpText('after', teaching)
    .showHelpAfterError('(turno --help shows how)');

  turno
    .command('migrate')
    .description('make the collections and indexes that are not there yet; safe to repeat, drops nothing')
    .action(migrate);

  const catalogue = turno.command('catalogue').description('the branches, sectors, services and promotions');
  catalogue
    .command('validate')
    .description('check a catalogue file and say what is wrong with it, by path')
    .argument('<file>', 'YAML or JSON')
    .action(validateCatalogue);
  catalogue
    .command('import')
    .description('check a catalogue file and put it into force, whole')
    .argument('<file>', 'YAML or JSON')
    .action(importCatalogue);

  return turno;
}
