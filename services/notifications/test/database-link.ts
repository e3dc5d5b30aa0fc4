import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** The way to the database, which can be cut and mended. */
export class DatabaseLink {
  /** Connections that were asked for while it was cut. */
  refused = 0;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #isCut = false;

  private constructor(target: { host: string; port: number }) {
    this.#server = createServer((client) => {
      if (!this.#isCut) return this.#join(client, connect(target));
      this.refused++;
      client.destroy();
    });
  }

  static async to(mongoUrl: string): Promise<DatabaseLink> {
    const { hostname, port } = new URL(mongoUrl);
    const link = new DatabaseLink({ host: hostname, port: Number(port) });
    await once(link.#server.listen(0, '127.0.0.1'), 'listening');
    return link;
  }

  /** The same URL, by way of this link. */
  urlFor(mongoUrl: string): string {
    const through = new URL(mongoUrl);
    through.hostname = '127.0.0.1';
    through.port = String((this.#server.address() as AddressInfo).port);
    return through.href;
  }

  cut(): void {
    this.#isCut = true;
    for (const socket of this.#sockets) socket.destroy();
  }

  mend(): void {
    this.#isCut = false;
  }

  async close(): Promise<void> {
    this.cut();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #join(client: Socket, server: Socket): void {
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const) {
      this.#sockets.add(from);
      from.on('error', () => to.destroy());
      from.on('close', () => this.#sockets.delete(from));
      from.pipe(to);
    }
  }
}
