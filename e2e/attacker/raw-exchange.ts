import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

export interface ExchangeOptions {
  readonly port: number;
  /** The loopback address that it is sent from. */
  readonly from: string;
  readonly bytes: Buffer;
  readonly dribbleMs?: number | undefined;
  /** Whether it tears the connection down (RST) instead of waiting for an answer. */
  readonly tearsAway?: boolean;
  /** So long it waits for the server to close the connection, in milliseconds. */
  readonly patienceMs: number;
  /** Ends the wait at once. */
  readonly ending: AbortSignal;
}

export interface Exchanged {
  readonly received: Buffer;
  /** Whether the server closed the connection; else the attacker did, which had waited long enough. */
  readonly isClosed: boolean;
}

/** Sends on a connection of its own, and keeps what comes back until either side has had enough. Never throws. */
export async function exchange(options: ExchangeOptions): Promise<Exchanged> {
  const { port, from, bytes, dribbleMs, tearsAway = false, patienceMs, ending } = options;
  const socket = connect({ host: '127.0.0.1', port, localAddress: from, noDelay: true });
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => void chunks.push(chunk));
  // A server may hang up on what it does not want while that is still being sent.
  socket.on('error', () => undefined);
  const closed = new Promise<boolean>((resolve) => void socket.once('close', () => resolve(true)));
  if (tearsAway) socket.write(bytes, () => socket.resetAndDestroy());
  else if (dribbleMs === undefined) socket.write(bytes);
  else void dribble();
  const waiting = new AbortController();
  const signal = AbortSignal.any([ending, waiting.signal]);
  const isClosed = await Promise.race([closed, pause(patienceMs, false, { signal }).catch(() => false)]);
  waiting.abort();
  socket.destroy();
  return { received: Buffer.concat(chunks), isClosed };

  async function dribble(): Promise<void> {
    for (const byte of bytes) {
      if (socket.destroyed) return;
      socket.write(Buffer.of(byte));
      await pause(dribbleMs);
    }
  }
}
