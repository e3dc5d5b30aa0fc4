import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { recordingTerminal } from '../test/recording-terminal.ts';
import { makeSecrets, secretVariables } from './secrets-command.ts';

const template = join(import.meta.dirname, '../../../.env.example');

/** The variables of an environment file. */
function variablesOf(text: string): Map<string, string> {
  return new Map([...text.matchAll(/^(\w+)=(.*)$/gm)].map(([, name, value]) => [name!, value!]));
}

describe('turno secrets', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'turno-secrets-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  test('when it writes a file, then every secret differs, all else is as in the template, and only the owner may read it', async () => {
    const write = join(folder, '.env');
    await makeSecrets({ write, template }, recordingTerminal().terminal);

    const [made, given] = [variablesOf(await readFile(write, 'utf8')), variablesOf(await readFile(template, 'utf8'))];
    const secrets = secretVariables.map((name) => made.get(name));
    expect(new Set(secrets).size).toBe(secretVariables.length);
    for (const secret of secrets) expect(secret).toMatch(/^[0-9a-f]{48}$/);
    for (const name of secretVariables) made.set(name, '');
    expect(made).toEqual(given);
    expect((await stat(write)).mode & 0o777).toBe(0o600);
  });

  test('when the file is there, then it stays as it is', async () => {
    const write = join(folder, '.env');
    await makeSecrets({ write, template }, recordingTerminal().terminal);
    const before = await readFile(write, 'utf8');

    await expect(makeSecrets({ write, template }, recordingTerminal().terminal)).rejects.toThrow('is there already');
    expect(await readFile(write, 'utf8')).toBe(before);
  });

  test('when no file is named, then standard output has it', async () => {
    const { terminal, said } = recordingTerminal();
    await makeSecrets({ template }, terminal);
    expect(variablesOf(said.join('\n')).get('MONGO_ADMIN_PASSWORD')).toMatch(/^[0-9a-f]{48}$/);
  });
});
