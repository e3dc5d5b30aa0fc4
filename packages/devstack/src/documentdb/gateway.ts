// The gateway's process: MongoDB's wire protocol on a port of 127.0.0.1, DocumentDB's SQL functions behind it. Each command
// goes whole, as BSON, to the function that runs it, and its reply comes back as BSON; neither is decoded where that can be
// avoided. There is no authentication: loopback only.
import { createServer, type Socket } from 'node:net';
import { BSON } from 'bson';
import { connectBackend } from './backend.ts';
import { readCommand, type Command, type Reply } from './command.ts';
import { commandTable } from './commands.ts';
import { commandNotFound, illegalOperation } from './error-codes.ts';
import { failureReply, sqlFailure } from './failure.ts';
import { encodeReply, MessageReader, parseRequest } from './wire.ts';

function requiredPort(variable: string): number {
  const port = Number(process.env[variable]);
  if (!port) throw new Error(`${variable} is not set`);
  return port;
}

const backend = connectBackend(requiredPort('TURNO_GATEWAY_SQL_PORT'));
const commands = commandTable(backend);

async function run(command: Command): Promise<Reply> {
  const handler = commands.get(command.name.toLowerCase());
  if (!handler) return failureReply(commandNotFound, `no such command: '${command.name}'`);
  if (command.isTransactional) {
    return failureReply(illegalOperation, 'Transaction numbers are only allowed on a replica set member or mongos');
  }
  try {
    return await handler(command);
  } catch (error) {
    return sqlFailure(backend, command, error);
  }
}

async function answer(socket: Socket, message: Buffer): Promise<void> {
  const request = parseRequest(message);
  const reply = await run(readCommand(request));
  if (request.expectsNoReply) return;
  const body = Buffer.isBuffer(reply) ? reply : Buffer.from(BSON.serialize(reply, { ignoreUndefined: true }));
  socket.write(encodeReply(request, body));
}

/** One after the other on a connection, as MongoDB does; connections do not wait for each other. */
function serve(socket: Socket): void {
  const reader = new MessageReader();
  let last = Promise.resolve();
  const giveUp = (error: unknown) => {
    console.error(error);
    socket.destroy();
  };
  socket.setNoDelay(true);
  socket.on('error', () => socket.destroy());
  socket.on('data', (piece: Buffer) => {
    try {
      for (const message of reader.push(piece)) last = last.then(() => answer(socket, message)).catch(giveUp);
    } catch (error) {
      giveUp(error);
    }
  });
}

createServer(serve).listen(requiredPort('TURNO_GATEWAY_PORT'), '127.0.0.1');
// The supervisor's end, in whatever way, closes the channel.
process.on('disconnect', () => process.exit());
process.on('SIGTERM', () => process.exit());
