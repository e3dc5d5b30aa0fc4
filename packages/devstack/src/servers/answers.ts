import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { connect as connectTls } from 'node:tls';
import { setTimeout as delay } from 'node:timers/promises';
import { MongoClient } from 'mongodb';

const protocolHeader = Buffer.from('AMQP\u0000\u0000\u0009\u0001', 'latin1');

/** Resolves if a broker greets at that address; it is not logged in to. Rejects with the reason, at the latest after `withinMs`. */
export function answersAmqp(url: string, withinMs: number): Promise<void> {
  const { protocol, hostname, port } = new URL(url);
  const secure = protocol === 'amqps:';
  const address = { host: hostname, port: Number(port || (secure ? 5671 : 5672)), servername: hostname };
  return new Promise((resolve, reject) => {
    const socket = secure ? connectTls(address) : connect(address);
    const settle = (error?: Error) => {
      socket.destroy();
      if (error) reject(error);
      else resolve();
    };
    socket.once('connect', () => socket.write(protocolHeader));
    socket.setTimeout(withinMs, () => settle(new Error(`no answer within ${withinMs} ms`)));
    socket.once('error', settle);
    socket.once('end', () => settle(new Error('the connection was closed')));
    // A broker that speaks 0-9-1 sends a method frame (type 1), Connection.Start; another one sends its own header.
    socket.once('data', (data) => settle(data[0] === 1 ? undefined : new Error('the answer is not AMQP 0-9-1')));
  });
}

/** Resolves if the management API accepts the credentials of the URL. */
export async function answersManagement(url: string, withinMs: number): Promise<void> {
  const { status } = await requestManagement(url, 'GET', '/api/whoami', undefined, withinMs);
  if (status !== 200) throw new Error(`the management API answers with status ${status}`);
}

/**
 * One request to RabbitMQ's management API, with the credentials of the URL. On a connection of its own: one that is kept alive
 * may be closed by the broker just as the next request goes out on it.
 */
export async function requestManagement(
  url: string,
  method: string,
  path: string,
  body?: unknown,
  withinMs = 15_000,
): Promise<{ status: number; text: string }> {
  const { origin, protocol, username, password } = new URL(url);
  const send = protocol === 'https:' ? httpsRequest : httpRequest;
  const request = send(new URL(path, origin), {
    method,
    agent: false,
    auth: `${decodeURIComponent(username)}:${decodeURIComponent(password)}`,
    headers: { 'content-type': 'application/json' },
    signal: AbortSignal.timeout(withinMs),
  });
  request.end(body === undefined ? undefined : JSON.stringify(body));
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  return { status: response.statusCode!, text: await text(response) };
}

/** Resolves if a MongoDB, or what speaks like one, answers a ping. */
export async function answersMongo(url: string, withinMs: number): Promise<void> {
  const client = new MongoClient(url, { serverSelectionTimeoutMS: withinMs, connectTimeoutMS: withinMs });
  try {
    await client.db('admin').command({ ping: 1 }, { timeoutMS: withinMs });
  } finally {
    await client.close();
  }
}

/** Resolves if a Redis, or what speaks like one, answers a ping, or wants to know who asks. */
export async function answersRedis(url: string, withinMs: number): Promise<void> {
  const { protocol, hostname, port } = new URL(url);
  const address = { host: hostname, port: Number(port || 6379), servername: hostname };
  const socket = protocol === 'rediss:' ? connectTls(address) : connect(address);
  try {
    socket.write('PING\r\n');
    const [answer] = (await once(socket, 'data', { signal: AbortSignal.timeout(withinMs) })) as [Buffer];
    if (!/^(\+PONG|-NOAUTH)/.test(answer.toString('latin1'))) throw new Error('the answer is not that of a Redis');
  } finally {
    socket.destroy();
  }
}

/** Tries until it succeeds. Gives up with the last reason after `withinMs`, or at once when `isHopeless` says so. */
export async function untilItAnswers(
  attempt: () => Promise<void>,
  withinMs: number,
  isHopeless: () => boolean = () => false,
): Promise<void> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (isHopeless() || Date.now() > deadline) throw error;
      await delay(50);
    }
  }
}
