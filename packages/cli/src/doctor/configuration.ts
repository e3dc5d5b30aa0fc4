import { gatewayConfig } from '@turno/gateway';
import { notificationsConfig } from '@turno/notifications';
import { commonConfig, ConfigError, readConfig, valueOf, variableOfFile } from '@turno/shared';
import { ticketingConfig } from '@turno/ticketing';
import type { z } from 'zod';
import { turnoConfig } from '../turno-config.ts';
import { findingsOf, type Finding } from './finding.ts';

const { ok, warning, error } = findingsOf('configuration');

/** Every service's variables, by the very schemas that the services read them with. */
const serviceConfigs: Readonly<Record<'gateway' | 'ticketing' | 'notifications', z.ZodObject>> = {
  gateway: gatewayConfig,
  ticketing: ticketingConfig,
  notifications: notificationsConfig,
};

/** What a variable of ours begins with: whatever else begins so is a slip of somebody's pen. */
const ours =
  /^(SMS|TWILIO|VONAGE|SNS|INBOX|GATEWAY|TICKETING|NOTIFICATIONS|OPS|AMQP|CATALOGUE_REFRESH|RATE_LIMIT|TICKETS|TICKET_LIMIT|JWT)_/;
/** What Kubernetes and Docker put into the environment of whoever runs beside a service named gateway. */
const ofTheOrchestrator = /_(SERVICE_(HOST|PORT)\w*|PORT(_\d+_(TCP|UDP)\w*)?)$/;

/** Every variable that a service or `turno` knows. */
function knownVariables(): Set<string> {
  return new Set([turnoConfig, ...Object.values(serviceConfigs)].flatMap(({ shape }) => Object.keys(shape)));
}

/** The environment with the values that are in files, in place of these files' names; one that cannot be read stays. */
export function withFilesRead(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const read = { ...env };
  const known = knownVariables();
  for (const file of Object.keys(env)) {
    const name = variableOfFile(file);
    if (name === undefined || !known.has(name)) continue;
    try {
      read[name] = valueOf(name, env);
      delete read[file];
    } catch {
      continue;
    }
  }
  return read;
}

/**
 * Which variables are set, missing or wrong. A service none of whose own variables is set here runs elsewhere, with an
 * environment that cannot be looked at from here.
 */
export function examineConfiguration(env: NodeJS.ProcessEnv): Finding[] {
  const findings = Object.entries(serviceConfigs).flatMap(([name, schema]) => serviceFindings(name, schema, env));
  return [...findings, ...slips(env)];
}

function serviceFindings(name: string, schema: z.ZodObject, env: NodeJS.ProcessEnv): Finding[] {
  const variables = Object.keys(schema.shape);
  const set = variables.filter((variable) => env[variable]);
  try {
    readConfig(schema, env);
    return [
      ok(`${name}: ${set.length} of ${variables.length} variables are set and good, the others have their defaults`),
    ];
  } catch (failure) {
    if (!(failure instanceof ConfigError)) throw failure;
    if (set.every((variable) => variable in turnoConfig.shape || variable in commonConfig)) return [elsewhere(name)];
    return failure.message
      .split('\n')
      .slice(1)
      .map((line) => error(`${name}: ${line.trim()}`, `set ${line.trim().split(' ')[0]}: docs/configuration.md`));
  }
}

function elsewhere(name: string): Finding {
  return warning(
    `${name}: none of its own variables is set here, so its configuration was not checked`,
    `run turno doctor with the variables of ${name}, as by --variables`,
  );
}

function slips(env: NodeJS.ProcessEnv): Finding[] {
  const known = knownVariables();
  return Object.keys(env)
    .filter(
      (name) =>
        env[name] &&
        ours.test(name) &&
        !known.has(name) &&
        !known.has(variableOfFile(name) ?? '') &&
        !ofTheOrchestrator.test(name),
    )
    .map((name) => warning(`${name} is set, and no service knows it`, 'see how it is spelt in docs/configuration.md'));
}
