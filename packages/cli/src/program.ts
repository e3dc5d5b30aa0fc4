import { Argument, Command } from 'commander';
import { makeAccounts } from './accounts-command.ts';
import {
  exportCatalogue,
  importCatalogue,
  validateCatalogue,
  type ImportOptions,
  type ValidateOptions,
} from './catalogue-commands.ts';
import { completionScript, shells, type Shell } from './completion-command.ts';
import { addCustomers } from './customers-program.ts';
import type { DoctorOptions } from './doctor-command.ts';
import { addDeadLetters } from './dead-letters-program.ts';
import { addKeys } from './keys-program.ts';
import { migrate } from './migrate-command.ts';
import { makeSecrets, type SecretsOptions } from './secrets-command.ts';
import { seed, type SeedOptions } from './seed-command.ts';
import { addSms } from './sms-program.ts';
import { teaching } from './teaching.ts';
import { teachingAccounts } from './teaching-accounts.ts';
import { processTerminal } from './terminal.ts';

/** The operator's command-line program. */
export function program(): Command {
  const turno = new Command('turno')
    .description(
      'Runs and mends Turno: migrations, the catalogue of branches and services, the customer directory, API keys, dead letters, SMS.',
    )
    .addHelpText('after', teaching.turno)
    .showHelpAfterError('(turno --help shows how)');

  turno
    .command('migrate')
    .description('make the collections, indexes and queues that are not there yet; safe to repeat, loses nothing')
    .addHelpText('after', teaching.migrate)
    .action(migrate);
  turno
    .command('secrets')
    .description('make the .env of an installation: .env.example with a secret of its own behind each password')
    .option('--write <file>', 'write this file, for its owner only, unless it is there; standard output without it')
    .option('--template <file>', 'what to fill in', '.env.example')
    .addHelpText('after', teachingAccounts.secrets)
    .action((options: SecretsOptions) => makeSecrets(options));
  turno
    .command('accounts')
    .description("make each service's own account at the broker and the database, or set its password; safe to repeat")
    .addHelpText('after', teachingAccounts.accounts)
    .action(() => makeAccounts());
  addDoctor(turno.command('doctor'));
  addCatalogue(turno.command('catalogue').description('the branches, sectors, services and promotions'));
  addCustomers(
    turno
      .command('customers')
      .description('the customer directory; all that is kept of one customer, to hand out or erase'),
  );
  turno
    .command('seed')
    .description('take tickets at a branch through the API, without a phone, so that a demo has somebody waiting')
    .argument('<branch>', 'id of the branch')
    .option('--tickets <count>', 'how many', '6')
    .option('--api <url>', 'where the gateway is', 'http://127.0.0.1:3000')
    .addHelpText('after', teaching.seed)
    .action((branch: string, options: SeedOptions) => seed(branch, options));
  addDeadLetters(
    turno.command('dead-letters').description('messages that were given up: look, send again, throw away'),
  );
  addKeys(turno.command('keys').description('the API keys of the channels: make, list, revoke and rotate them'));
  addSms(turno.command('sms').description('the SMS of the tickets: what became of them, and send them again'));
  turno
    .command('completion')
    .description('write the script that lets the TAB key complete turno in a shell')
    .addArgument(new Argument('<shell>', 'which one').choices(shells))
    .addHelpText('after', teaching.completion)
    .action((shell: Shell) => processTerminal.say(completionScript(shell, turno).trimEnd()));
  return turno;
}

function addDoctor(command: Command): void {
  command
    .description('look at all that Turno needs and say what is not well, each with its mend; changes nothing')
    .option('--json', 'as JSON, for scripts')
    .option('--no-provider', 'do not ask the provider of SMS after the account')
    .option(
      // Not --env-file: Node.js takes that for its own, wherever it stands.
      '--variables <file>',
      'variables of the services, NAME=value a line, which count before the environment; - for standard input',
    )
    .addHelpText('after', teaching.doctor)
    .action(async (options: DoctorOptions) => {
      // It knows the configuration of every service, which the other commands need not load.
      const { doctor } = await import('./doctor-command.ts');
      process.exitCode = await doctor(options);
      // Who did not answer in time may still hold a connection, for which nobody is to wait.
      setTimeout(() => process.exit(), 1_000).unref();
    });
}

function addCatalogue(catalogue: Command): void {
  catalogue
    .command('validate')
    .description('check a catalogue file and say what is wrong with it, by line and path; needs no database')
    .argument('<file>', 'YAML or JSON')
    .option('--json', 'the mistakes as JSON, for scripts')
    .addHelpText('after', teaching.catalogueValidate)
    .action(async (file: string, options: ValidateOptions) => {
      process.exitCode = await validateCatalogue(file, options);
    });
  catalogue
    .command('import')
    .description('show what a catalogue file would change, and put it into force, whole')
    .argument('<file>', 'YAML or JSON')
    .option('--dry-run', 'show what would change, and stop there')
    .option('-y, --yes', 'do not ask; needed where there is no terminal to ask on')
    .option('--json', 'what changes as JSON, for scripts; with --yes or --dry-run')
    .addHelpText('after', teaching.catalogueImport)
    .action((file: string, options: ImportOptions) => importCatalogue(file, options));
  catalogue
    .command('export')
    .description('write the catalogue in force, without the customers, as a file that can be imported again')
    .argument('[file]', 'YAML, or JSON when it ends in .json; standard output without it')
    .addHelpText('after', teaching.catalogueExport)
    .action((file: string | undefined) => exportCatalogue(file));
}
