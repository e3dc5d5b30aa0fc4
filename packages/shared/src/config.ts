import { z } from 'zod';
import { brokerVariables } from './addresses.ts';
import { logLevels } from './log-level.ts';
import { valueOf } from './secret-files.ts';
import { telemetryVariables } from './telemetry/telemetry-config.ts';

/** The environment does not describe a service that could run. The message has one line per variable, with its name. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/**
 * Reads a service's configuration from the environment.
 *
 * @param schema an object schema whose keys are the variables' names; a variable set to nothing counts as not set, and
 *   `NAME_FILE` may name a file that has its value
 * @throws ConfigError naming every variable that is missing or wrong, never its value: it may be a secret
 */
export function readConfig<T extends z.ZodObject>(schema: T, env: NodeJS.ProcessEnv = process.env): z.infer<T> {
  refuseBlindTrust(env);
  const given = valuesOf(Object.keys(schema.shape), env);
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  const lines = result.error.issues.map(({ code, path, message }) => {
    const name = String(path[0]);
    if (given[name] !== undefined) return `${name} is wrong: ${message}`;
    // A rule of the service's own says why it is wanted; zod says no more than that it is.
    return code === 'custom' ? `${name} is not set: ${message}` : `${name} is not set`;
  });
  throw notComplete(lines);
}

function valuesOf(names: readonly string[], env: NodeJS.ProcessEnv): Record<string, string | undefined> {
  const mistakes: string[] = [];
  const read = names.map((name): [string, string | undefined] => {
    try {
      return [name, valueOf(name, env)];
    } catch (error) {
      mistakes.push((error as Error).message);
      return [name, undefined];
    }
  });
  if (mistakes.length > 0) throw notComplete(mistakes);
  return Object.fromEntries(read);
}

/** Node.js would verify nobody, neither the servers nor the providers, and say so on standard error at most. */
function refuseBlindTrust(env: NodeJS.ProcessEnv): void {
  if (env['NODE_TLS_REJECT_UNAUTHORIZED'] !== '0') return;
  throw notComplete(['NODE_TLS_REJECT_UNAUTHORIZED is wrong: with 0 no certificate at all would be verified']);
}

function notComplete(lines: readonly string[]): ConfigError {
  return new ConfigError(`The configuration is not complete:\n${lines.map((line) => `  ${line}`).join('\n')}`);
}

/** A whole number in text form; `0` is allowed unless `min` says otherwise. */
export function wholeNumber({ min = 0, max = Number.MAX_SAFE_INTEGER }: { min?: number; max?: number } = {}) {
  return z.string().regex(/^\d+$/, 'a whole number is expected').transform(Number).pipe(z.number().min(min).max(max));
}

/** How many days something is kept, or `forever`. */
export const retentionDays = z.union(
  [z.literal('forever'), wholeNumber({ min: 1, max: 36_500 })],
  'a number of days above 0 is expected, or forever',
);

/** A TCP port; 0 takes a free one. */
export const port = wholeNumber({ max: 65_535 });

/** The variables that every service understands. What describes them is the table of docs/configuration.md. */
export const commonConfig = {
  ...brokerVariables,
  LOG_LEVEL: z
    .enum(logLevels)
    .default('info')
    .describe('`trace`, `debug`, `info`, `warn`, `error` or `fatal`; [changed while it runs](observability.md)'),
  ...telemetryVariables,
  NODE_ENV: z.string().optional().meta({
    unset: 'not production',
    description: '`production`, as the images set it, wants those things said that cost money or open doors',
  }),
  /** The operations server answers here only: it tells about the inside, so a public interface takes a decision. */
  OPS_HOST: z
    .string()
    .default('127.0.0.1')
    .describe(
      'where the operations servers answer; off loopback all but health and metrics wants `OPS_TOKEN`: [reaching it](console.md#reaching-it)',
    ),
  OPS_TOKEN: z
    .string()
    .regex(
      /^[\w.~+/=-]{24,}$/,
      'at least 24 letters, digits or any of . _ ~ + / = - are expected: openssl rand -hex 24',
    )
    .optional()
    .describe(
      'what an operator sends to change something on the operations server, and to read there unless it is on loopback; without it neither can be done: [dead letters over HTTP](turno.md#dead-letters-over-http). 24 characters or more',
    ),
  SHUTDOWN_TIMEOUT_MS: wholeNumber({ min: 1 })
    .default(10_000)
    .describe('how long a stopping service may take to finish what it has begun'),
};

/** A variable as its schema describes it. */
export interface DescribedVariable {
  readonly name: string;
  readonly isRequired: boolean;
  /** As it would be written; undefined where there is none. */
  readonly default: string | undefined;
  /** What holds where it is not set and there is no default: `its own pages`, `required by twilio`. */
  readonly unset: string | undefined;
  /** @see docs/configuration.md */
  readonly what: string | undefined;
}

/** What the schemas of variables say of each, in their order. */
export function describedVariables(shape: Readonly<Record<string, z.ZodType>>): DescribedVariable[] {
  return Object.entries(shape).map(([name, variable]) => {
    const { success, data } = variable.safeParse(undefined);
    const { description, unset } = variable.meta() ?? {};
    return {
      name,
      isRequired: !success,
      default: isScalar(data) ? String(data) : undefined,
      unset: unset as string | undefined,
      what: description,
    };
  });
}

function isScalar(value: unknown): value is string | number | boolean {
  return ['string', 'number', 'boolean'].includes(typeof value);
}
