import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { FrameReader } from './frames.ts';
import type { Protocol } from './protocols.ts';

/**
 * A way to a server on which operations are counted, as they are on the wire. It takes time itself: nothing is timed over
 * one.
 */
export class CountingLink {
  readonly #protocol: Protocol;
  readonly #target: { readonly host: string; readonly port: number };
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #counts = new Map<string, number>();

  private constructor(url: string, protocol: Protocol) {
    const { hostname, port } = new URL(url);
    this.#protocol = protocol;
    this.#target = { host: hostname, port: Number(port) || protocol.defaultPort };
    this.#server = createServer((client) => this.#join(client));
  }

  static async to(url: string, protocol: Protocol): Promise<CountingLink> {
    const link = new CountingLink(url, protocol);
    await once(link.#server.listen(0, '127.0.0.1'), 'listening');
    return link;
  }

  /** The same URL, by way of this link. */
  urlFor(url: string): string {
    const through = new URL(url);
    through.hostname = '127.0.0.1';
    through.port = String((this.#server.address() as AddressInfo).port);
    return through.href;
  }

  /** Operations until now, by their names. */
  get counts(): ReadonlyMap<string, number> {
    return new Map(this.#counts);
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await once(this.#server.close(), 'close');
  }

  #join(client: Socket): void {
    const server = connect(this.#target);
    const { framing, greetingBytes, fromClient, fromServer } = this.#protocol;
    const up = new FrameReader({ ...framing, greetingBytes }, (frame) => this.#count(fromClient(frame)));
    const down = new FrameReader(framing, (frame) => this.#count(fromServer(frame)));
    for (const [from, to, reader] of [
      [client, server, up],
      [server, client, down],
    ] as const) {
      this.#sockets.add(from);
      from.setNoDelay(true);
      from.on('data', (piece: Buffer) => reader.push(piece));
      from.pipe(to);
      from.on('error', () => to.destroy());
      from.on('close', () => {
        to.destroy();
        this.#sockets.delete(from);
      });
    }
  }

  #count(operation: string | undefined): void {
    if (operation !== undefined) this.#counts.set(operation, (this.#counts.get(operation) ?? 0) + 1);
  }
}
