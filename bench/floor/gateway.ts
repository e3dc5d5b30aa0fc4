// The floor's gateway: node:http, and one RPC by direct reply-to for each request. Nothing is checked, bounded or logged.
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { connect } from 'amqplib';
import { rpcQueue } from './names.ts';

const replyTo = 'amq.rabbitmq.reply-to';
const connection = await connect(process.env['AMQP_URL']!, { noDelay: true });
const channel = await connection.createChannel();
const pending = new Map<string, { readonly response: ServerResponse; readonly status: number }>();
let calls = 0;

await channel.consume(
  replyTo,
  (reply) => {
    const id = reply!.properties.correlationId as string;
    const { response, status } = pending.get(id)!;
    pending.delete(id);
    response.writeHead(status, { 'content-type': 'application/json' }).end(reply!.content);
  },
  { noAck: true },
);

const server = createServer((request, response) => {
  const pieces: Buffer[] = [];
  request.on('data', (piece: Buffer) => pieces.push(piece));
  request.on('end', () => {
    const correlationId = String(++calls);
    const isRead = request.method === 'GET';
    const body = isRead ? Buffer.from(request.url!.slice(request.url!.lastIndexOf('/') + 1)) : Buffer.concat(pieces);
    pending.set(correlationId, { response, status: isRead ? 200 : 201 });
    channel.publish('', rpcQueue, body, { correlationId, replyTo, type: isRead ? 'read' : 'create' });
  });
});
await once(server.listen(Number(process.env['FLOOR_PORT']), '127.0.0.1'), 'listening');
process.send!('ready');
