import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { fetchOnce } from '@turno/testing';

const run = promisify(execFile);
export const checkout = join(import.meta.dirname, '../..');

export interface Finished {
  readonly code: number;
  /** Both streams. */
  readonly output: string;
}

/** docker-compose.yml under a project name of its own, so that an installation beside it is left alone. */
export class ComposeProject {
  readonly #env: NodeJS.ProcessEnv;

  /** @param variables beside those of the environment file, which they override */
  constructor(name: string, envFile: string, variables: Readonly<Record<string, string>>) {
    const inherited = Object.fromEntries(['PATH', 'HOME', 'DOCKER_HOST'].map((key) => [key, process.env[key]]));
    this.#env = { ...inherited, COMPOSE_PROJECT_NAME: name, COMPOSE_ENV_FILES: envFile, ...variables };
  }

  /** Runs `docker compose …` to its end. @throws with the last lines of its output when it fails */
  async compose(...args: string[]): Promise<string> {
    const { code, output } = await this.attempt(args);
    if (code !== 0) throw new Error(`docker compose ${args.join(' ')} ended with ${code}:\n${output.slice(-3_000)}`);
    return output;
  }

  /** As {@link compose}, with variables of its own, and without an error where it fails. */
  async attempt(args: readonly string[], variables: Readonly<Record<string, string>> = {}): Promise<Finished> {
    return this.#run('docker', ['compose', ...args], variables);
  }

  /** Runs a program of this checkout in the project's environment. */
  async program(path: string, ...args: string[]): Promise<string> {
    const { code, output } = await this.#run(join(checkout, path), args, {});
    if (code !== 0) throw new Error(`${path} ended with ${code}:\n${output.slice(-3_000)}`);
    return output;
  }

  /** Where a port of a service is published on this machine. */
  async address(service: string, port: number): Promise<string> {
    const published = await this.compose('port', service, String(port));
    return `http://127.0.0.1:${/:(\d+)\s*$/.exec(published)?.[1]}`;
  }

  /** Names of the containers of a service. */
  async containers(service: string): Promise<string[]> {
    return (await this.compose('ps', '--format', '{{.Name}}', service)).split('\n').filter(Boolean);
  }

  async docker(...args: string[]): Promise<string> {
    const { code, output } = await this.#run('docker', args, {});
    if (code !== 0) throw new Error(`docker ${args.join(' ')} ended with ${code}: ${output}`);
    return output;
  }

  async #run(command: string, args: readonly string[], variables: Readonly<Record<string, string>>): Promise<Finished> {
    const options = { cwd: checkout, env: { ...this.#env, ...variables }, maxBuffer: 64 * 1024 * 1024 };
    try {
      const { stdout, stderr } = await run(command, args, options);
      return { code: 0, output: stdout + (args.includes('ps') || args.includes('port') ? '' : stderr) };
    } catch (error) {
      const { code, stdout = '', stderr = '' } = error as { code?: unknown; stdout?: string; stderr?: string };
      if (typeof code !== 'number') throw error;
      return { code, output: stdout + stderr };
    }
  }
}

/** The texts that notifications has in its inbox, which forgets the oldest of more than 1,000: read often. */
export class SeenTexts {
  readonly #ticketOf = new Map<string, string>();

  /** Reads the inbox, where it answers. */
  async read(base: string): Promise<void> {
    const answer = await fetchOnce(`${base}/inbox/messages`).catch(() => undefined);
    if (!answer?.ok) return;
    const messages = (await answer.json()) as { key: string; ticket_id: string }[];
    for (const { key, ticket_id: ticketId } of messages) this.#ticketOf.set(key, ticketId);
  }

  /** How many texts a ticket got. */
  countOf(ticketId: string): number {
    return [...this.#ticketOf.values()].filter((id) => id === ticketId).length;
  }
}
