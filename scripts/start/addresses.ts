import { createServer } from 'node:net';

export interface Addresses {
  /** The port of each public or private server, by its variable. */
  readonly env: Readonly<Record<string, string>>;
  readonly api: string;
  readonly inbox: string;
  readonly console: string;
  readonly readiness: readonly string[];
}

const defaults = {
  GATEWAY_PORT: 3000,
  NOTIFICATIONS_PORT: 3002,
  GATEWAY_OPS_PORT: 9100,
  TICKETING_OPS_PORT: 9101,
  NOTIFICATIONS_OPS_PORT: 9102,
};

/**
 * The ports to use: what the environment says, else the usual one, else the next free one, so that two checkouts can run
 * side by side.
 *
 * @throws when a port that the environment names is taken
 */
export async function chooseAddresses(env: NodeJS.ProcessEnv, say: (line: string) => void): Promise<Addresses> {
  const ports: Record<string, number> = {};
  for (const [variable, usual] of Object.entries(defaults)) {
    const named = env[variable];
    ports[variable] = named ? await mustBeFree(variable, Number(named)) : await nextFree(variable, usual, ports, say);
  }
  const at = (variable: keyof typeof defaults): string => `http://127.0.0.1:${ports[variable]}`;
  return {
    env: Object.fromEntries(Object.entries(ports).map(([variable, port]) => [variable, String(port)])),
    api: at('GATEWAY_PORT'),
    inbox: `${at('NOTIFICATIONS_PORT')}/inbox`,
    console: `${at('GATEWAY_OPS_PORT')}/console`,
    readiness: [at('GATEWAY_OPS_PORT'), at('TICKETING_OPS_PORT'), at('NOTIFICATIONS_OPS_PORT')].map(
      (base) => `${base}/readyz`,
    ),
  };
}

async function mustBeFree(variable: string, port: number): Promise<number> {
  if (!(await isFree(port))) throw new Error(`${variable}: port ${port} is taken. Stop what uses it, or name another.`);
  return port;
}

async function nextFree(
  variable: string,
  usual: number,
  taken: Readonly<Record<string, number>>,
  say: (line: string) => void,
): Promise<number> {
  for (let port = usual; port < usual + 1_000; port++) {
    if (Object.values(taken).includes(port) || !(await isFree(port))) continue;
    if (port !== usual) say(`Port ${usual} is taken, so ${variable} is ${port}.`);
    return port;
  }
  throw new Error(`${variable}: no free port from ${usual} on. Name one that is free.`);
}

/** Asked on every interface, because the gateway listens on all of them. */
async function isFree(port: number): Promise<boolean> {
  const probe = createServer();
  return new Promise((resolve) => {
    probe.once('error', () => resolve(false));
    probe.listen(port, '0.0.0.0', () => probe.close(() => resolve(true)));
  });
}
