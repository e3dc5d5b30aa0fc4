import { z } from 'zod';
import { logLevels } from './log-level.ts';
import { telemetryVariables } from './telemetry/telemetry-config.ts';

/** The environment does not describe a service that could run. The message has one line per variable, with its name. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/**
 * Reads a service's configuration from the environment.
 *
 * @param schema an object schema whose keys are the variables' names; a variable set to nothing counts as not set
 * @throws ConfigError naming every variable that is missing or wrong, never its value: it may be a secret
 */
export function readConfig<T extends z.ZodObject>(schema: T, env: NodeJS.ProcessEnv = process.env): z.infer<T> {
  const given = Object.fromEntries(Object.keys(schema.shape).map((name) => [name, env[name] || undefined]));
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  const lines = result.error.issues.map(({ code, path, message }) => {
    const name = String(path[0]);
    if (given[name] !== undefined) return `${name} is wrong: ${message}`;
    // A rule of the service's own says why it is wanted; zod says no more than that it is.
    return code === 'custom' ? `${name} is not set: ${message}` : `${name} is not set`;
  });
  throw new ConfigError(`The configuration is not complete:\n${lines.map((line) => `  ${line}`).join('\n')}`);
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

const amqpUrl = z.url({ protocol: /^amqps?$/, error: 'an amqp:// or amqps:// URL is expected' });

/** A MongoDB connection string with the database's name in its path. */
export const mongoUrl = z
  .string()
  .regex(/^mongodb(\+srv)?:\/\/[^/]+\/[^/?]+/, 'a mongodb:// URL with the name of the database is expected');

/** The variables that every service understands. What describes them is the table of docs/configuration.md. */
export const commonConfig = {
  AMQP_URL: amqpUrl.describe(
    '`amqp://user:password@host:5672/vhost`, or `amqps://`; `?heartbeat=` in seconds, 5 without it',
  ),
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
  OPS_HOST: z.string().default('127.0.0.1').describe('where the operations servers answer; keep it private'),
  OPS_TOKEN: z
    .string()
    .regex(
      /^[\w.~+/=-]{24,}$/,
      'at least 24 letters, digits or any of . _ ~ + / = - are expected: openssl rand -hex 24',
    )
    .optional()
    .describe(
      'what an operator sends to change something on the operations server; without it nothing can be changed there: [dead letters over HTTP](turno.md#dead-letters-over-http). 24 characters or more',
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
