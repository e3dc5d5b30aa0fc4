import { once } from 'node:events';
import { connect, type AddressInfo } from 'node:net';
import { createServer, type Server, type TLSSocket, type TlsOptions } from 'node:tls';

/** A server's TLS: what is said to it over TLS goes on to the real server, and back. The handshake is a real one. */
export class TlsLink {
  /** Handshakes that were finished. */
  handshakes = 0;
  readonly #server: Server;
  readonly #open = new Set<TLSSocket>();

  private constructor(url: string, options: TlsOptions) {
    const { hostname, port } = new URL(url);
    this.#server = createServer(options, (client) => {
      this.handshakes++;
      this.#open.add(client);
      const server = connect(Number(port), hostname);
      client.pipe(server).pipe(client);
      for (const [one, other] of [
        [client, server],
        [server, client],
      ] as const) {
        one.on('error', () => other.destroy());
        one.on('close', () => other.destroy());
      }
      client.on('close', () => this.#open.delete(client));
    });
    this.#server.on('tlsClientError', () => undefined);
  }

  /** Opens one before the server that a URL names, with a certificate, and a CA where clients must show one, too. */
  static async to(url: string, options: TlsOptions): Promise<TlsLink> {
    const link = new TlsLink(url, options);
    await once(link.#server.listen(0, '127.0.0.1'), 'listening');
    return link;
  }

  /** The same URL by way of this link. */
  urlFor(url: string, host: string): string {
    const through = new URL(url);
    through.host = `${host}:${(this.#server.address() as AddressInfo).port}`;
    return through.href.replace(/^amqp:/, 'amqps:');
  }

  /** From now on it shows another certificate, and those that are connected are not any more. */
  renew(options: TlsOptions): void {
    this.#server.setSecureContext(options);
    for (const client of this.#open) client.destroy();
  }

  async close(): Promise<void> {
    for (const client of this.#open) client.destroy();
    await once(this.#server.close(), 'close');
  }
}
