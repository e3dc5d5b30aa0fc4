export { readCatalogue } from './catalogue-file.ts';
export { putInForce } from './catalogue-in-force.ts';
export { program } from './program.ts';
export { BrokerAccounts } from './broker-accounts.ts';
export { makeSecrets } from './secrets-command.ts';
export { turnoConfig } from './turno-config.ts';
export { readBrokerAddress } from './broker-address.ts';
export { readDatabaseAddress } from './database.ts';
