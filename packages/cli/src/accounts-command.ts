import {
  brokerRights,
  brokerUsers,
  brokerVariables,
  databaseAddress,
  databaseVariables,
  mongoUrl,
  readConfig,
  type BrokerUser,
} from '@turno/shared';
import { z } from 'zod';
import { BrokerAccounts } from './broker-accounts.ts';
import { makeDatabaseAccount } from './database-accounts.ts';
import { processTerminal, type Terminal } from './terminal.ts';
import { turnoConfig } from './turno-config.ts';

const { AMQP_URL: amqpUrl } = brokerVariables;

/** Two administrators, and the addresses with which services log in: these name the accounts to be made. */
const accountsConfig = z.object({
  AMQP_MANAGEMENT_URL: turnoConfig.shape.AMQP_MANAGEMENT_URL.unwrap(),
  GATEWAY_AMQP_URL: amqpUrl,
  TICKETING_AMQP_URL: amqpUrl,
  NOTIFICATIONS_AMQP_URL: amqpUrl,
  MONGO_ADMIN_URL: mongoUrl,
  TICKETING_MONGO_URL: mongoUrl,
  NOTIFICATIONS_MONGO_URL: mongoUrl,
  ...databaseVariables,
});

/**
 * Makes the account of each service at the broker and at the database, with the rights it needs and no more. Where there
 * is one it gets the password and the rights anew, so that a changed password needs no other step.
 *
 * @throws when a server is away, refuses the administrator, or an account would be the administrator's own
 */
export async function makeAccounts(terminal: Terminal = processTerminal): Promise<void> {
  const config = readConfig(accountsConfig);
  const broker = new BrokerAccounts(config.AMQP_MANAGEMENT_URL);
  const addresses: Record<BrokerUser, string> = {
    gateway: config.GATEWAY_AMQP_URL,
    ticketing: config.TICKETING_AMQP_URL,
    notifications: config.NOTIFICATIONS_AMQP_URL,
  };
  for (const user of brokerUsers) await broker.make(addresses[user], brokerRights[user]);
  for (const url of [config.TICKETING_MONGO_URL, config.NOTIFICATIONS_MONGO_URL]) {
    await makeDatabaseAccount(databaseAddress(config.MONGO_ADMIN_URL, config), url);
  }
  terminal.say('The accounts of the services are there.');
}
