import { fork } from 'node:child_process';
import { once } from 'node:events';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { hold, tryHold } from './exclusive.ts';

describe('a lock', () => {
  it('has one holder at a time', async () => {
    const name = randomUUID();
    const first = await tryHold(name);
    await expect(tryHold(name)).resolves.toBeUndefined();
    await first?.release();
    const second = await tryHold(name);
    expect(second).toBeDefined();
    await second?.release();
  });

  it('is free again once its holder is killed', async () => {
    const name = randomUUID();
    const holder = fork(join(import.meta.dirname, '../test/lock-holder.ts'), [name], { execArgv: ['--no-warnings'] });
    await once(holder, 'message');
    await expect(tryHold(name)).resolves.toBeUndefined();

    holder.kill('SIGKILL');
    const held = await hold(name, () => true);

    expect(held).toBeDefined();
    await held?.release();
  });
});
