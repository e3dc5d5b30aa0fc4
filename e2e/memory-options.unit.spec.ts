import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { memoryOptions } from './memory-options.ts';

test('the images run services with these options', () => {
  const dockerfile = readFileSync(join(import.meta.dirname, '../Dockerfile'), 'utf8');

  const [, command = '[]'] = /^CMD (\["node".*start\.js"\])$/m.exec(dockerfile) ?? [];

  expect(JSON.parse(command)).toEqual(['node', '--conditions=built', ...memoryOptions, 'dist/start.js']);
});
