import { notificationsModels } from '@turno/notifications';
import type { BrokerUser, Clock } from '@turno/shared';
import { ticketingModels } from '@turno/ticketing';
import { readBrokerAddress } from '../broker-address.ts';
import { readDatabaseAddress } from '../database.ts';
import { turnoConfig } from '../turno-config.ts';
import { examineBroker } from './broker.ts';
import { examineConfiguration } from './configuration.ts';
import { examineDatabase, type DatabaseOptions } from './database.ts';
import type { Examination } from './examination.ts';
import { findingsOf, type Area, type Finding } from './finding.ts';
import { examineManagement, notManaged } from './management.ts';
import { examineProviders } from './provider.ts';
import { examineTicketing } from './tickets.ts';

export interface ExaminationsOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly clock: Clock;
  readonly asksProvider: boolean;
  readonly smsApiBase: string | undefined;
}

type Variable = keyof typeof turnoConfig.shape;

/** How long an answer of the management API may take, in milliseconds. */
const managementWithinMs = 5_000;

/** Everything there is to look at, each with what it needs of the environment. */
export function examinationsFor(options: ExaminationsOptions): Examination[] {
  const { env, asksProvider, smsApiBase } = options;
  return [
    { area: 'configuration', of: 'the configuration', examine: async () => examineConfiguration(env) },
    {
      area: 'broker',
      of: 'the broker',
      examine: () => withVariable('broker', env, 'AMQP_URL', () => examineBroker(readBrokerAddress(env))),
    },
    { area: 'broker', of: 'the management API', examine: () => management(options) },
    ...databases(options),
    ...(asksProvider
      ? [{ area: 'provider' as const, of: 'the provider', examine: () => examineProviders(env, smsApiBase) }]
      : []),
  ];
}

function databases({ env, clock }: ExaminationsOptions): Examination[] {
  const known = [
    {
      service: 'ticketing',
      variable: 'TICKETING_MONGO_URL',
      models: ticketingModels,
      more: (connection) => examineTicketing(connection, clock),
    },
    { service: 'notifications', variable: 'NOTIFICATIONS_MONGO_URL', models: notificationsModels },
  ] as const satisfies Omit<DatabaseOptions, 'url' | 'clock'>[];
  return known.map((database) => ({
    area: 'database',
    of: `${database.service}'s database`,
    examine: () =>
      withVariable('database', env, database.variable, () =>
        examineDatabase({ ...database, url: readDatabaseAddress(database.variable, env), clock }),
      ),
  }));
}

async function management({ env, clock }: ExaminationsOptions): Promise<readonly Finding[]> {
  const { data: amqpUrl } = turnoConfig.shape.AMQP_URL.safeParse(env['AMQP_URL']);
  if (!env['AMQP_MANAGEMENT_URL'] || amqpUrl === undefined) return [notManaged()];
  return withVariable('broker', env, 'AMQP_MANAGEMENT_URL', (url) =>
    examineManagement({ url, amqpUrl, accounts: accountsIn(env), now: clock, withinMs: managementWithinMs }),
  );
}

/** With which the services log in, as `turno accounts` knows them. */
function accountsIn(env: NodeJS.ProcessEnv): Partial<Record<BrokerUser, string>> {
  const { GATEWAY_AMQP_URL: gateway, TICKETING_AMQP_URL: ticketing, NOTIFICATIONS_AMQP_URL: notifications } = env;
  const given = Object.entries({ gateway, ticketing, notifications });
  return Object.fromEntries(given.filter(([, address]) => turnoConfig.shape.AMQP_URL.safeParse(address).success));
}

/** Looks with the variable's value; without a good one that is the finding. */
async function withVariable(
  area: Area,
  env: NodeJS.ProcessEnv,
  variable: Variable,
  examine: (value: string) => Promise<readonly Finding[]>,
): Promise<readonly Finding[]> {
  const { error } = findingsOf(area);
  const given = env[variable];
  if (!given) return [error(`${variable} is not set`, `set ${variable}: docs/configuration.md`)];
  const { data, error: mistake } = turnoConfig.shape[variable].safeParse(given);
  if (data === undefined) return [error(`${variable} is wrong: ${mistake?.issues[0]?.message}`, `set ${variable}`)];
  return examine(data);
}
