import { brokerLimits, type BrokerRights } from '@turno/shared';

/** Makes accounts at a RabbitMQ over its management API. */
export class BrokerAccounts {
  readonly #base: URL;
  readonly #administrator: string;
  readonly #authorization: string;

  /** @param managementUrl http:// or https://, with the credentials of an administrator */
  constructor(managementUrl: string) {
    const { username, password, origin } = new URL(managementUrl);
    this.#base = new URL(origin);
    this.#administrator = decodeURIComponent(username);
    const credentials = `${this.#administrator}:${decodeURIComponent(password)}`;
    this.#authorization = `Basic ${Buffer.from(credentials).toString('base64')}`;
  }

  /**
   * Makes the account with which this address logs in, or gives the one there is this password and these rights; of
   * connections and channels it may have {@link brokerLimits}.
   *
   * @throws Error of one line when the broker is away or refuses
   */
  async make(amqpUrl: string, { configure, write, read }: BrokerRights): Promise<void> {
    const { username, password, pathname } = new URL(amqpUrl);
    const user = decodeURIComponent(username);
    if (user === '' || user === this.#administrator) {
      throw new Error(`${user || 'nobody'} cannot be the account of a service at the broker: give it one of its own`);
    }
    const vhost = decodeURIComponent(pathname.slice(1)) || '/';
    await this.#put(['users', user], { password: decodeURIComponent(password), tags: '' });
    await this.#put(['permissions', vhost, user], { configure, write, read });
    for (const [limit, value] of Object.entries(brokerLimits)) await this.#put(['user-limits', user, limit], { value });
  }

  async #put(path: readonly string[], body: unknown): Promise<void> {
    const url = new URL(`/api/${path.map(encodeURIComponent).join('/')}`, this.#base);
    const answer = await fetch(url, {
      method: 'PUT',
      headers: { authorization: this.#authorization, 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(10_000),
    }).catch((error: unknown) => {
      throw new Error(`the broker's management API does not answer at ${url.origin}`, { cause: error });
    });
    if (answer.ok) return;
    const why = answer.status === 401 ? 'the credentials in AMQP_MANAGEMENT_URL are wrong' : await answer.text();
    throw new Error(`the broker refused ${url.pathname} with ${answer.status}: ${why}`);
  }
}
