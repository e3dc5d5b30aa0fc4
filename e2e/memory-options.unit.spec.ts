import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { memoryOptions, memoryVariables } from './memory-options.ts';

const dockerfile = readFileSync(join(import.meta.dirname, '../Dockerfile'), 'utf8');

test.each(Object.entries(memoryOptions))('the image of %s runs it with these options', (service, options) => {
  const [stage = ''] = dockerfile.split(`FROM service AS ${service}\n`).slice(1);

  const [, command = '[]'] = /^CMD (\["node".*start\.js"\])$/m.exec(stage) ?? [];

  expect(JSON.parse(command)).toEqual(['node', '--conditions=built', ...options, 'dist/start.js']);
});

test.each(Object.entries(memoryVariables))('the images set %s', (name, value) => {
  const [stage = ''] = dockerfile.split('AS runtime\n').slice(1);

  expect(stage.split('\nFROM ')[0]).toMatch(new RegExp(`^ENV .*\\b${name}=${value}\\b`, 'm'));
});
