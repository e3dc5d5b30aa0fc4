import { isolateForTest, type Isolated } from '@turno/devstack';
import { eventually, fetchOnce } from '@turno/testing';
import type { Channel, GetMessage, Options } from 'amqplib';
import { BrokerConnection, createLogger } from '../src/index.ts';
import { onScratchChannel } from '../src/messaging/scratch-channel.ts';

export const silent = createLogger('spec', 'silent');

/** A vhost of a real broker, with what an operator or a mishap could do to it. */
export class Broker {
  readonly #isolated: Isolated;
  readonly #connections: BrokerConnection[] = [];
  #operator: BrokerConnection | undefined;

  private constructor(isolated: Isolated) {
    this.#isolated = isolated;
  }

  static async open(label: string): Promise<Broker> {
    return new Broker(await isolateForTest(label));
  }

  get url(): string {
    return this.#isolated.amqpUrl;
  }

  async connect(name: string): Promise<BrokerConnection> {
    const connection = await BrokerConnection.open({ url: this.#isolated.amqpUrl, name, logger: silent });
    this.#connections.push(connection);
    return connection;
  }

  /** Has the broker close a connection, found by its name, as an operator would. */
  async closeConnection(name: string): Promise<void> {
    const close = await this.findConnection(name);
    await close();
  }

  /** Waits until the broker lists a connection, which takes it seconds, and gives back what closes it. */
  async findConnection(name: string): Promise<() => Promise<void>> {
    const path = `/api/vhosts/${this.#isolated.vhost}/connections`;
    const found = await eventually(async () => {
      const all = (await (await this.#manage('GET', path)).json()) as { name: string; user_provided_name?: string }[];
      return all.find(({ user_provided_name: given }) => given === name);
    });
    return async () => void (await this.#manage('DELETE', `/api/connections/${encodeURIComponent(found.name)}`));
  }

  /** Works on a channel of its own, which an error of the broker may close. */
  async onChannel<T>(work: (channel: Channel) => Promise<T>): Promise<T> {
    this.#operator ??= await this.connect('operator');
    const model = await eventually(async () => this.#operator!.model);
    return onScratchChannel(model, work);
  }

  async send(queue: string, body: unknown, properties: Options.Publish = {}): Promise<void> {
    const content = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
    await this.onChannel(async (channel) => channel.sendToQueue(queue, content, properties));
  }

  /** The next message of a queue, taken out of it, as soon as there is one. */
  take(queue: string): Promise<GetMessage> {
    return eventually(() => this.onChannel((channel) => channel.get(queue, { noAck: true })));
  }

  /** Messages waiting in a queue, those in work not counted; rejects when there is no such queue. */
  async waitingIn(queue: string): Promise<number> {
    return (await this.onChannel((channel) => channel.checkQueue(queue))).messageCount;
  }

  async deleteQueue(queue: string): Promise<void> {
    await this.onChannel((channel) => channel.deleteQueue(queue));
  }

  async dispose(): Promise<void> {
    await Promise.all(this.#connections.map((connection) => connection.close()));
    await this.#isolated.dispose();
  }

  #manage(method: string, path: string): Promise<Response> {
    const url = new URL(path, process.env['TURNO_TEST_MANAGEMENT_URL']);
    const credentials = Buffer.from(`${url.username || 'guest'}:${url.password || 'guest'}`).toString('base64');
    url.username = url.password = '';
    return fetchOnce(url, { method, headers: { authorization: `Basic ${credentials}` } });
  }
}
