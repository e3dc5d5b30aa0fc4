import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { readInputFile } from './input-file.ts';
import { processTerminal, type Terminal } from './terminal.ts';

/** The variables of .env.example that nobody but Turno's own parts must know. */
export const secretVariables = [
  'RABBITMQ_ADMIN_PASSWORD',
  'RABBITMQ_GATEWAY_PASSWORD',
  'RABBITMQ_TICKETING_PASSWORD',
  'RABBITMQ_NOTIFICATIONS_PASSWORD',
  'MONGO_ADMIN_PASSWORD',
  'MONGO_TICKETING_PASSWORD',
  'MONGO_NOTIFICATIONS_PASSWORD',
  'OPS_TOKEN',
  'GRAFANA_ADMIN_PASSWORD',
] as const;

export interface SecretsOptions {
  /** The file to write; standard output without it. */
  readonly write?: string | undefined;
  readonly template: string;
}

/**
 * Writes the template with a secret of its own behind each of {@link secretVariables}, readable for its owner only. A file
 * that is there stays as it is: its secrets are in use.
 *
 * @throws when the template lacks one of them, or the file is there
 */
export async function makeSecrets(
  { write, template }: SecretsOptions,
  terminal: Terminal = processTerminal,
): Promise<void> {
  const filled = fillIn(await readInputFile(template));
  if (write === undefined) return terminal.say(filled.trimEnd());
  try {
    await writeFile(write, filled, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'EEXIST') throw error;
    throw new Error(`${write} is there already, and its secrets may be in use: move it away first`, { cause: error });
  }
  terminal.note(
    `Wrote ${write}, with ${secretVariables.length} secrets. Keep it out of git, and a copy in a safe place.`,
  );
}

/** Hexadecimal, because the secrets become parts of addresses: 24 bytes are beyond guessing. */
function fillIn(template: string): string {
  return secretVariables.reduce((text, name) => {
    const line = new RegExp(`^${name}=$`, 'm');
    if (!line.test(text)) throw new Error(`the template has no line ${name}= to fill in`);
    return text.replace(line, `${name}=${randomBytes(24).toString('hex')}`);
  }, template);
}
