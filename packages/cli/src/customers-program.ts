import type { Command } from 'commander';
import { eraseCustomer, type EraseCustomerOptions } from './customers/customer-erase-command.ts';
import { exportCustomer, type ExportCustomerOptions } from './customers/customer-export-command.ts';
import { importCustomersFile, type CustomersOptions } from './customers-command.ts';
import { interruption } from './interruption.ts';
import { teaching } from './teaching.ts';
import { teachingPrivacy } from './teaching-privacy.ts';

/** Adds what `turno customers` can do. */
export function addCustomers(customers: Command): void {
  customers
    .command('import')
    .description(
      'add the customers of a CSV file, and overwrite those whose id is known; goes on where it was interrupted',
    )
    .argument('<file>', 'CSV with a header')
    .option('--rejects <file>', 'write the rows that do not go in to this CSV file, with line and reason')
    .option('--json', 'what became of the rows as JSON, for scripts')
    .option('--restart', 'begin anew instead of going on where an import of this file was interrupted')
    .addHelpText('after', teaching.customersImport)
    .action(async (file: string, options: CustomersOptions) => {
      process.exitCode = await importCustomersFile(file, options, interruption());
    });
  naming(customers.command('export'))
    .description('write all that is kept of a customer, in both databases and at the broker, as one JSON document')
    .option('--out <file>', 'write this file, for its owner only, unless it is there; standard output without it')
    .addHelpText('after', teachingPrivacy.export)
    .action(async (id: string | undefined, options: ExportCustomerOptions) => {
      process.exitCode = await exportCustomer({ ...options, id });
    });
  naming(customers.command('erase'))
    .description('erase what is kept of a customer, in both databases and at the broker; ticket numbers stay')
    .option('--dry-run', 'show what would go, and stop there')
    .option('-y, --yes', 'do not ask; needed where there is no terminal to ask on')
    .option('--json', 'what was found and erased as JSON, for scripts; with --yes or --dry-run')
    .addHelpText('after', teachingPrivacy.erase)
    .action(async (id: string | undefined, options: EraseCustomerOptions) => {
      process.exitCode = await eraseCustomer({ ...options, id });
    });
}

function naming(command: Command): Command {
  return command
    .argument('[id]', 'the customer id')
    .option('--document <type-and-number...>', 'type and number of the identity document, instead of an id')
    .option('--phone <number>', 'the phone, with + and country code, of somebody who gave nothing else');
}
