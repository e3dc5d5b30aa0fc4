import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const here = import.meta.dirname;

/** TypeScript 5, which is e2e's own and what most clients are written in today. */
const tsc = join(here, 'node_modules/typescript/bin/tsc');
const openapiTypescript = join(here, 'node_modules/openapi-typescript/bin/cli.js');

/**
 * The sample client beside types that were generated from a running API's `/openapi.json`, in a folder of its own: inside
 * e2e, where Node.js and tsc find openapi-fetch.
 */
export class GeneratedClient {
  readonly #folder: string;
  readonly #baseUrl: string;

  private constructor(folder: string, baseUrl: string) {
    this.#folder = folder;
    this.#baseUrl = baseUrl;
  }

  /** @throws (rejects) when there is no description at the address, or no types can be made of it */
  static async generate(baseUrl: string): Promise<GeneratedClient> {
    const folder = await mkdtemp(join(here, '.generated-client-'));
    const client = new GeneratedClient(folder, baseUrl);
    const tsconfig = { extends: '../../tsconfig.base.json', compilerOptions: { noEmit: true }, files: ['client.ts'] };
    try {
      await node(openapiTypescript, new URL('/openapi.json', baseUrl).href, '--output', join(folder, 'api.ts'));
      await copyFile(join(here, 'sample-client.ts'), join(folder, 'client.ts'));
      await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(tsconfig));
      return client;
    } catch (error) {
      await client.dispose();
      throw error;
    }
  }

  /** What tsc has against the client, empty when nothing. */
  async typeErrors(): Promise<string> {
    try {
      return await node(tsc, '--project', this.#folder);
    } catch (error) {
      // tsc prints what it found, and ends with a status that says so; without a word it did not get that far.
      const { stdout } = error as { stdout?: string };
      if (!stdout) throw error;
      return stdout;
    }
  }

  /** Runs the client against the API, and gives back what it prints. */
  async run(): Promise<unknown> {
    return JSON.parse(await node(join(this.#folder, 'client.ts'), this.#baseUrl));
  }

  async dispose(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }
}

/** Runs a program on this Node.js and gives back what it prints. */
async function node(...args: string[]): Promise<string> {
  // Jest's own options are not for the programs it starts.
  const env = { ...process.env, NODE_OPTIONS: '' };
  const { stdout } = await run(process.execPath, ['--no-warnings', ...args], { cwd: here, env });
  return stdout;
}
