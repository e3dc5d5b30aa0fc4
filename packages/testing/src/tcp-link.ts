import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { OneWay } from './one-way.ts';

/** Both ways of one connection over a link. */
interface Joined {
  /** From the client to the server. */
  readonly up: OneWay;
  /** From the server to the client. */
  readonly down: OneWay;
  readonly client: Socket;
  readonly server: Socket;
}

/**
 * A network link of a test's own between a service and a server: what a network does to connections can be done to it.
 * Whatever was done is undone by `mend`.
 */
export class TcpLink {
  /** Connections that were made over it since it was opened. */
  connections = 0;
  readonly #target: { readonly host: string; readonly port: number };
  readonly #joined = new Set<Joined>();
  #listener: Server | undefined;
  #port = 0;
  #held = false;
  #latencyMs = 0;
  #watched: ((joined: Joined) => void) | undefined;

  private constructor(target: { host: string; port: number }) {
    this.#target = target;
  }

  /** Opens a link to the server that a URL names. */
  static async to(url: string): Promise<TcpLink> {
    const { hostname, port } = new URL(url);
    const link = new TcpLink({ host: hostname, port: Number(port) });
    await link.#listen();
    return link;
  }

  /** Connections over it that are open now. */
  get open(): number {
    return this.#joined.size;
  }

  /** The same URL, by way of this link. */
  urlFor(url: string): string {
    const through = new URL(url);
    through.hostname = '127.0.0.1';
    through.port = String(this.#port);
    return through.href;
  }

  /** From now on bytes stay where they are, in both directions; connections stay open. */
  hold(): void {
    this.#held = true;
    this.#each(({ up, down }) => [up.hold(), down.hold()]);
  }

  /** From now on the server's bytes stay where they are: it hears its client, who hears nothing. */
  holdAnswers(): void {
    this.#each(({ down }) => down.hold());
  }

  /** Once a client sends this text (bytes of a protocol), it and all that follows on its connection stay where they are. */
  holdFrom(text: string): Promise<void> {
    return this.#watch(text, ({ up }) => up.hold());
  }

  /** The same for the first connection on which a client sends it: the others are as ever. */
  holdOneFrom(text: string): Promise<void> {
    let isHeld = false;
    return this.#watch(text, ({ up }) => {
      if (!isHeld) up.hold();
      isHeld = true;
    });
  }

  /** Once a client sends this text, what the server has to say on that connection stays where it is. */
  holdAnswersFrom(text: string): Promise<void> {
    return this.#watch(text, ({ down }) => down.hold());
  }

  /** Every byte takes so much longer from now on, each way. */
  slow(latencyMs: number): void {
    this.#latencyMs = latencyMs;
    this.#each(({ up, down }) => [up.delay(latencyMs), down.delay(latencyMs)]);
  }

  /** Unplugged: connections end, what they had on the way is lost, and new ones are refused. */
  async cut(): Promise<void> {
    const listener = this.#listener;
    this.#listener = undefined;
    listener?.close();
    this.lose();
    if (listener) await once(listener, 'close');
  }

  /** All connections end, what they had on the way is lost; new ones are welcome. */
  lose(): void {
    this.#each(({ client, server }) => [client.destroy(), server.destroy()]);
  }

  /** The server ends all connections, in order. */
  end(): void {
    this.#each(({ client }) => client.end());
  }

  /** All connections are reset (RST); new ones are welcome. */
  reset(): void {
    this.#each(({ client, server }) => [client.resetAndDestroy(), server.resetAndDestroy()]);
  }

  /** A router has forgotten the connections there are: neither end is told, and what they send goes nowhere. */
  halfOpen(): void {
    this.#each(({ up, down }) => [up.swallow(), down.swallow()]);
  }

  /** Everything goes through as ever, what was held first. */
  async mend(): Promise<void> {
    this.#held = false;
    this.#watched = undefined;
    this.slow(0);
    this.#each(({ up, down }) => [up.release(), down.release()]);
    await this.#listen();
  }

  async close(): Promise<void> {
    await this.cut();
  }

  async #listen(): Promise<void> {
    if (this.#listener) return;
    const listener = createServer((client) => this.#join(client));
    await once(listener.listen(this.#port, '127.0.0.1'), 'listening');
    this.#listener = listener;
    this.#port = (listener.address() as AddressInfo).port;
  }

  #join(client: Socket): void {
    this.connections++;
    const server = connect(this.#target);
    for (const socket of [client, server]) socket.setNoDelay(true);
    const joined = { up: new OneWay(client, server), down: new OneWay(server, client), client, server };
    this.#joined.add(joined);
    for (const socket of [client, server]) {
      socket.on('close', () => client.closed && server.closed && this.#joined.delete(joined));
    }
    for (const way of [joined.up, joined.down]) {
      way.delay(this.#latencyMs);
      if (this.#held) way.hold();
    }
    this.#watched?.(joined);
  }

  /** Resolves once a client has sent the text, and what is to happen then has. */
  #watch(text: string, act: (joined: Joined) => void): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#watched = (joined) => joined.up.watch(text, () => resolve(act(joined)));
    this.#each(this.#watched);
    return promise;
  }

  #each(deal: (joined: Joined) => unknown): void {
    for (const joined of this.#joined) deal(joined);
  }
}
