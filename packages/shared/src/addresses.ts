import { z } from 'zod';
import { certificateFile, privateKeyFile } from './tls-files.ts';

const verificationExpected =
  'TLS without verification is no protection: name the authority that signed the certificate instead';

/** What RabbitMQ's own clients know by these names: https://www.rabbitmq.com/docs/uri-query-parameters */
export const brokerFiles = { ca: 'cacertfile', cert: 'certfile', key: 'keyfile' } as const;

export const amqpUrl = z
  .url({ protocol: /^amqps?$/, error: 'an amqp:// or amqps:// URL is expected', abort: true })
  .refine((url) => !new URL(url).searchParams.has('verify'), verificationExpected);

const unverified = /[?&](tlsInsecure|tlsAllowInvalidCertificates|tlsAllowInvalidHostnames)=(?!false(&|$))/i;

/** A MongoDB connection string with the database's name in its path. */
export const mongoUrl = z
  .string()
  .regex(/^mongodb(\+srv)?:\/\/[^/]+\/[^/?]+/, 'a mongodb:// URL with the name of the database is expected')
  .refine((url) => !unverified.test(url), verificationExpected);

/** How the broker is reached. */
export const brokerVariables = {
  AMQP_URL: amqpUrl.describe(
    '`amqp://user:password@host:5672/vhost`, or `amqps://`; `?heartbeat=` in seconds, 5 without it',
  ),
  AMQP_CA_FILE: certificateFile.optional().meta({
    unset: "Node.js' own authorities",
    description: 'the authority that signed the certificate of an `amqps://` broker, a file in PEM: [TLS](tls.md)',
  }),
  AMQP_CERT_FILE: certificateFile
    .optional()
    .describe('the certificate to show to a broker that wants one, a file in PEM; with `AMQP_KEY_FILE`'),
  AMQP_KEY_FILE: privateKeyFile.optional().describe('its private key, a file in PEM'),
};

/** How databases are trusted, for whoever has one. */
export const databaseVariables = {
  MONGO_CA_FILE: certificateFile.optional().meta({
    unset: "Node.js' own authorities, where the URL says `tls=true`",
    description: "the authority that signed the databases' certificates, a file in PEM; switches TLS on: [TLS](tls.md)",
  }),
};

type BrokerVariables = z.infer<z.ZodObject<typeof brokerVariables>>;

/** What has to hold between the variables of the broker. For `.check()` of a schema that has them. */
export function brokerTlsIsWhole({ value, issues }: z.core.ParsePayload<BrokerVariables>): void {
  const { AMQP_URL: url, AMQP_CERT_FILE: cert, AMQP_KEY_FILE: key, AMQP_CA_FILE: ca } = value;
  const add = (name: string, message: string): void => {
    issues.push({ code: 'custom', input: undefined, path: [name], message });
  };
  const isEncrypted = url.startsWith('amqps:');
  for (const [name, file] of Object.entries({ AMQP_CA_FILE: ca, AMQP_CERT_FILE: cert, AMQP_KEY_FILE: key })) {
    if (file !== undefined && !isEncrypted)
      add(name, 'AMQP_URL is expected to begin with amqps://, or this not to be set');
  }
  if (cert !== undefined && key === undefined) add('AMQP_KEY_FILE', 'the key of AMQP_CERT_FILE is expected');
  if (key !== undefined && cert === undefined) add('AMQP_CERT_FILE', 'the certificate of AMQP_KEY_FILE is expected');
}

/** The broker's address together with its files, as `BrokerConnection` takes it. */
export function brokerAddress({
  AMQP_URL: address,
  AMQP_CA_FILE: ca,
  AMQP_CERT_FILE: cert,
  AMQP_KEY_FILE: key,
}: BrokerVariables): string {
  const files = Object.entries({ ca, cert, key });
  if (files.every(([, file]) => file === undefined)) return address;
  const url = new URL(address);
  for (const [name, file] of files) {
    if (file !== undefined) url.searchParams.set(brokerFiles[name as keyof typeof brokerFiles], file);
  }
  return url.href;
}

/** A database's address together with who signed its certificate, as the driver takes it. */
export function databaseAddress(
  url: string,
  { MONGO_CA_FILE: ca }: z.infer<z.ZodObject<typeof databaseVariables>>,
): string {
  if (ca === undefined) return url;
  const [address, query = ''] = url.split('?', 2) as [string, string?];
  const parameters = new URLSearchParams(query);
  parameters.set('tls', 'true');
  parameters.set('tlsCAFile', ca);
  return `${address}?${parameters.toString()}`;
}
