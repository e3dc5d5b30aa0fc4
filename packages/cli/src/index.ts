export { readCatalogue } from './catalogue-file.ts';
export { putInForce } from './catalogue-in-force.ts';
export { eraseCustomer } from './customers/customer-erase-command.ts';
export { exportCustomer } from './customers/customer-export-command.ts';
export type { Terminal } from './terminal.ts';
export { program } from './program.ts';
export { BrokerAccounts } from './broker-accounts.ts';
export { makeSecrets } from './secrets-command.ts';
export { turnoConfig } from './turno-config.ts';
