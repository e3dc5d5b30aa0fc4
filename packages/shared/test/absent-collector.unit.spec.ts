import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { eventually } from '@turno/testing';
import { z } from 'zod';
import { createLogger, readConfig, startTelemetry } from '../src/index.ts';
import { telemetryVariables } from '../src/telemetry/telemetry-config.ts';

let server: Server | undefined;

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  server = undefined;
});

/** Tracing that exports to an address at once, and the lines that it logs. */
async function tracingTo(url: string) {
  const lines: string[] = [];
  const logger = createLogger('spec', 'info', { write: (line) => void lines.push(line) });
  const variables = {
    OTEL_EXPORTER_OTLP_ENDPOINT: url,
    OTEL_EXPORTER_OTLP_TIMEOUT: '200',
    OTEL_BSP_SCHEDULE_DELAY: '1',
  };
  const { tracing } = await startTelemetry('spec', readConfig(z.object(telemetryVariables), variables), logger);
  const record = () => tracing.begin({ name: 'work', kind: 'server', parent: undefined, mayBeginTrace: true }).end();
  return { tracing, record, lines };
}

test('when there is no collector, then the log says so once, and work and stop go on', async () => {
  const { tracing, record, lines } = await tracingTo('http://127.0.0.1:1');

  record();
  await eventually(() => lines.length > 0);
  record();
  await tracing.stop();

  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain('traces cannot be exported');
});

test('when the collector takes what it gets and does not answer, then stopping does not wait for it', async () => {
  server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { tracing, record } = await tracingTo(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  record();

  const begun = Date.now();
  await tracing.stop();

  expect(Date.now() - begun).toBeLessThan(3_000);
});
