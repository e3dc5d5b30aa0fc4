import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { createConnection, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** Held until released, or until the process ends in whatever way. */
export interface Hold {
  release(): Promise<void>;
}

/**
 * A listening socket as a lock, since the kernel gives it free at any death of its holder, `kill -9` included. In Linux its
 * name is abstract (no file); elsewhere it is a file, which may outlive its holder and is then found to answer nobody.
 */
function lockAddress(name: string): string {
  const digest = createHash('sha256').update(name).digest('hex').slice(0, 32);
  return process.platform === 'linux' ? `\0turno-${digest}` : join(tmpdir(), `turno-${digest}.sock`);
}

function listen(address: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.unref();
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error),
    );
    server.listen(address, () => resolve(server));
  });
}

function answers(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(address, () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

/** Takes the lock of that name; nothing if another process holds it. */
export async function tryHold(name: string): Promise<Hold | undefined> {
  const address = lockAddress(name);
  let server = await listen(address);
  if (!server && !address.startsWith('\0') && !(await answers(address))) {
    rmSync(address, { force: true });
    server = await listen(address);
  }
  const held = server;
  return held && { release: () => new Promise((resolve) => held.close(() => resolve())) };
}

/** Takes the lock of that name, waiting for it as long as `mayWait` says so. */
export async function hold(name: string, mayWait: () => boolean): Promise<Hold | undefined> {
  for (;;) {
    const held = await tryHold(name);
    if (held || !mayWait()) return held;
    await delay(100);
  }
}
