import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from '@jest/globals';
import { withoutAnswer } from './failures.ts';

const failed = (code: string) => Object.assign(new Error('with +51987776576 in it'), { code });

test.each([
  'CERT_HAS_EXPIRED',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'ERR_SSL_WRONG_VERSION_NUMBER',
  'ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE',
  'ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE',
  'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION',
  'ERR_SSL_TLSV1_ALERT_INSUFFICIENT_SECURITY',
  'ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL',
  'ERR_SSL_TLSV1_UNRECOGNIZED_NAME',
  'ECONNREFUSED',
])('when a connection ends with %s, then nothing was sent', (code) => {
  expect(withoutAnswer('Twilio', failed(code), 100)).toEqual({
    kind: 'away',
    reason: `Twilio could not be reached: ${code}`,
  });
});

test.each([
  'ERR_SSL_UNEXPECTED_EOF_WHILE_READING',
  'ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC',
  'ERR_SSL_SSLV3_ALERT_BAD_RECORD_MAC',
  'ERR_SSL_TLSV1_ALERT_INTERNAL_ERROR',
  'ERR_TLS_HANDSHAKE_TIMEOUT',
  'ECONNRESET',
  'EPIPE',
])('when a connection ends with %s, then the request may have arrived', (code) => {
  expect(withoutAnswer('Twilio', failed(code), 100)).toEqual({
    kind: 'ambiguous',
    reason: `Twilio broke off: ${code}`,
  });
});

test('when a server speaks no TLS, then nothing was sent', async () => {
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const error: unknown = await fetch(url, { method: 'POST', body: 'an SMS' }).catch((thrown: unknown) => thrown);
  server.close();

  expect(withoutAnswer('the webhook', error, 100)).toMatchObject({ kind: 'away' });
});
