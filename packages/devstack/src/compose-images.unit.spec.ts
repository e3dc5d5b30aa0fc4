import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { checkoutRoot } from './checkout.ts';
import { readComposeImages } from './compose-images.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'compose-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('the images for Docker', () => {
  it('are those of docker-compose.yml', () => {
    const { rabbitmq, mongo } = readComposeImages(checkoutRoot());
    expect(rabbitmq).toMatch(/^rabbitmq:/);
    expect(mongo).toMatch(/^mongo:/);
  });

  it('must be named there', () => {
    writeFileSync(
      join(folder, 'docker-compose.yml'),
      'services: { rabbitmq: { image: "rabbitmq:1" }, mongo: { build: . } }',
    );
    expect(() => readComposeImages(folder)).toThrow('names no image for the service mongo');
  });
});
