import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { memoryOptions } from './memory-options.ts';

test.each(Object.entries(memoryOptions))('the image of %s runs it with these options', (service, options) => {
  const dockerfile = readFileSync(join(import.meta.dirname, '../Dockerfile'), 'utf8');
  const [stage = ''] = dockerfile.split(`FROM service AS ${service}\n`).slice(1);

  const [, command = '[]'] = /^CMD (\["node".*start\.js"\])$/m.exec(stage) ?? [];

  expect(JSON.parse(command)).toEqual(['node', '--conditions=built', ...options, 'dist/start.js']);
});
