import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually } from '@turno/testing';
import { SmsReceiver } from './faults/sms-receiver.ts';
import { OtlpReceiver, type ReceivedSpan } from './otlp-receiver.ts';
import { sampleOf, seriesIn, turnoMetricsIn } from './prometheus-text.ts';
import { serviceNames, System, type ServiceName } from './system.ts';

const token = 'a-token-of-the-specs-24-letters';
const place = { branch_id: '27b6', sector_id: 's8', service_id: '7b6' };

let collector: OtlpReceiver;
let phones: SmsReceiver;
let system: System;

beforeAll(async () => {
  collector = await OtlpReceiver.listen();
  phones = await SmsReceiver.listen();
  const variables = {
    OPS_TOKEN: token,
    SMS_PROVIDER: 'webhook',
    SMS_FALLBACK_PROVIDER: 'sns',
    AWS_REGION: 'us-east-1',
    SMS_WEBHOOK_URL: phones.url,
    SMS_WEBHOOK_SECRET: phones.secret,
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_BSP_SCHEDULE_DELAY: '50',
    OTEL_EXPORTER_OTLP_TIMEOUT: '500',
  };
  system = await System.start('telemetry', { variables });
});
afterAll(async () => {
  await system.stop();
  await phones.close();
});

/** All hops of a ticket's request that ends as an SMS, in their order. */
const hops = [
  ['gateway', 'server', 'POST /customer/v1/tickets'],
  ['gateway', 'client', 'CreateTicket ticketing.rpc'],
  ['ticketing', 'server', 'CreateTicket ticketing.rpc'],
  ['ticketing', 'client', 'insert tickets'],
  ['ticketing', 'producer', 'publish ticketing.events:ticket.created'],
  ['notifications', 'consumer', 'process ticketing.events:ticket.created:notifications.ticket-created'],
  ['notifications', 'client', 'send SMS webhook'],
] as const;

/** The spans of one trace by their names; of the two of an RPC the server's by its name and service. */
async function exported(traceId: string): Promise<ReceivedSpan[]> {
  return eventually(() => {
    const spans = collector.spans.filter((span) => span.traceId === traceId);
    return spans.length >= hops.length && spans;
  });
}

function spanOf(spans: readonly ReceivedSpan[], hop: (typeof hops)[number]): ReceivedSpan {
  const [service, kind, name] = hop;
  const found = spans.find((span) => span.service === service && span.kind === kind && span.name === name);
  return found!;
}

describe('when a ticket is taken whose SMS goes out', () => {
  test('then all hops are exported under the trace id of its caller, each within the one before', async () => {
    const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
    const traceparent = `00-${traceId}-00f067aa0ba902b7-01`;

    await system.post({ ...place, phone: '+51900000001' }, { traceparent, 'x-request-id': 'traced-1' });
    const spans = await exported(traceId);

    const [http, calling, serving, inserting, publishing, processing, sending] = hops.map((hop) => spanOf(spans, hop));
    expect(spans).toHaveLength(hops.length);
    expect(http!.parentSpanId).toBe('00f067aa0ba902b7');
    expect(calling!.parentSpanId).toBe(http!.spanId);
    expect(serving!.parentSpanId).toBe(calling!.spanId);
    expect(inserting!.parentSpanId).toBe(serving!.spanId);
    expect(publishing!.parentSpanId).toBe(serving!.spanId);
    expect(processing!.parentSpanId).toBe(publishing!.spanId);
    expect(sending!.parentSpanId).toBe(processing!.spanId);
    expect(sending!.attributes).toMatchObject({ 'turno.sms.provider': 'webhook', 'turno.sms.result': 'sent' });
    for (const span of [http, calling, serving, processing]) {
      expect(span!.attributes['turno.request.id']).toBe('traced-1');
    }
  });

  test('then the spans have the names that OpenTelemetry has for HTTP and RabbitMQ, and nothing of a person', async () => {
    const before = collector.spans.length;
    const phone = '+51900000002';

    const answer = await system.post({ ...place, phone });
    await eventually(() => collector.spans.length >= before + hops.length);

    const [{ traceId }] = collector.spans.slice(before) as [ReceivedSpan];
    const spans = await exported(traceId);
    expect(spanOf(spans, hops[0]).attributes).toMatchObject({
      'http.request.method': 'POST',
      'http.route': '/customer/v1/tickets',
      'http.response.status_code': 201,
    });
    expect(spanOf(spans, hops[4]).attributes).toMatchObject({
      'messaging.system': 'rabbitmq',
      'messaging.destination.name': 'ticketing.events:ticket.created',
      'messaging.operation.type': 'send',
    });
    expect(spanOf(spans, hops[5]).attributes).toMatchObject({ 'messaging.operation.type': 'process' });
    expect(JSON.stringify(collector.spans)).not.toContain(phone.slice(1));
    expect(JSON.stringify(collector.spans)).not.toContain(((await answer.json()) as { id: string }).id);
  });
});

test('when the caller does not want its trace recorded, then nothing of it is', async () => {
  const traceId = '0123456789abcdef0123456789abcdef';
  const phone = '+51900000003';

  await system.post({ ...place, phone }, { traceparent: `00-${traceId}-00f067aa0ba902b7-00` });
  await eventually(() => phones.texts.some(({ to }) => to === phone));
  // What is taken after it is exported after it.
  await system.post(place, { 'x-request-id': 'after-it' });
  await eventually(() => collector.spans.some(({ attributes }) => attributes['turno.request.id'] === 'after-it'));

  expect(collector.spans.filter((span) => span.traceId === traceId)).toEqual([]);
});

const metricsOf = async (service: ServiceName) => (await system.ops(service, '/metrics')).text();

describe('/metrics', () => {
  test('when a ticket is taken whose SMS goes out, then each service counts its part of it', async () => {
    const phone = '+51900000004';
    const before = sampleOf(await metricsOf('notifications'), 'turno_sms_total{provider="webhook",state="sent"}') ?? 0;
    const created = sampleOf(await metricsOf('ticketing'), 'turno_tickets_created_total{branch="27b6"}') ?? 0;

    await system.post({ ...place, phone });
    const sent = await eventually(async () => {
      const text = await metricsOf('notifications');
      return sampleOf(text, 'turno_sms_total{provider="webhook",state="sent"}') === before + 1 && text;
    });

    const [gateway, ticketing] = await Promise.all([metricsOf('gateway'), metricsOf('ticketing')]);
    const route = 'method="POST",route="/customer/v1/tickets",status="201"';
    expect(sampleOf(gateway, `turno_http_request_duration_seconds_count{${route}}`)).toBeGreaterThan(0);
    const call = 'method="CreateTicket",outcome="ok"';
    expect(sampleOf(gateway, `turno_rpc_client_duration_seconds_count{${call}}`)).toBeGreaterThan(0);
    expect(sampleOf(ticketing, `turno_rpc_server_duration_seconds_count{${call}}`)).toBeGreaterThan(0);
    expect(sampleOf(ticketing, 'turno_tickets_created_total{branch="27b6"}')).toBe(created + 1);
    expect(sampleOf(ticketing, 'turno_queue_numbers_left{branch="27b6",queue="T"}')).toBeLessThan(9_999);
    const event = 'queue="notifications.ticket-created",outcome="done"';
    expect(sampleOf(sent, `turno_consumer_duration_seconds_count{${event}}`)).toBeGreaterThan(0);
    expect(sampleOf(sent, 'turno_sms_segments_total{provider="webhook"}')).toBeGreaterThanOrEqual(before + 1);
    expect(sampleOf(sent, 'turno_sms_handover_seconds_count')).toBeGreaterThan(0);
  });

  test('when all is well, then the broker is up, the outbox runs empty and nothing is given up', async () => {
    await eventually(async () => sampleOf(await metricsOf('ticketing'), 'turno_outbox_size') === 0);
    const texts = await Promise.all(serviceNames.map(metricsOf));

    expect(texts.map((text) => sampleOf(text, 'turno_broker_up'))).toEqual([1, 1, 1]);
    expect(sampleOf(texts[1]!, 'turno_outbox_oldest_age_seconds')).toBe(0);
    expect(sampleOf(texts[2]!, 'turno_dead_letters{queue="notifications.ticket-created.dead"}')).toBe(0);
    for (const text of texts)
      expect(text).toMatch(/^turno_build_info\{service="\w+",version="[\d.]+",node="24\.[\d.]+"\} 1$/m);
  });

  test('when a storm of odd paths, methods and ids comes, then there is hardly a series more', async () => {
    const odd = Array.from({ length: 200 }, (_, i) => [
      system.send('GET', `/odd-${i}/${i}`),
      system.send('GET', `/customer/v1/tickets/nobody${i}`),
      system.send(i % 2 ? 'MKCOL' : 'PURGE', `/docs/odd-${i}`),
    ]);

    await Promise.all(odd.flat());

    const series = seriesIn(await metricsOf('gateway'), 'turno_http_request_duration_seconds_count');
    expect(series.length).toBeLessThan(20);
    expect(series.join()).not.toMatch(/odd-|nobody|MKCOL/);
    expect(series.join()).toContain('route="/customer/v1/tickets/{id}",status="404"');
  });

  test('when the page about metrics is read, then it has each of them with its type, service and labels', async () => {
    const page = readFileSync(join(import.meta.dirname, '../docs/observability.md'), 'utf8');
    const rows = [...page.matchAll(/^\| `(turno_\w+)` +\| (\w+) +\| ([\w, ]+?) +\|/gm)];
    const told = rows.map(([, name, type, services]) => `${name} ${type} ${services}`);

    const texts = await Promise.all(serviceNames.map(async (name) => [name, await metricsOf(name)] as const));

    expect(told.toSorted()).toEqual(turnoMetricsIn(texts).toSorted());
  });
});

describe('the log level', () => {
  test.each(serviceNames)('when an operator changes that of the %s, then it is the new one', async (service) => {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
    const body = JSON.stringify({ level: 'fatal', for_seconds: 60 });

    const refused = await system.ops(service, '/log-level', { method: 'PUT', body });
    const answer = await system.ops(service, '/log-level', { method: 'PUT', headers, body });

    expect([refused.status, answer.status]).toEqual([401, 200]);
    expect(await (await system.ops(service, '/log-level')).json()).toMatchObject({ level: 'fatal' });
  });
});

test('when the collector goes away, then tickets are taken and SMS go out as ever', async () => {
  await collector.close();

  const answer = await system.post({ ...place, phone: '+51900000005' });

  expect(answer.status).toBe(201);
  await eventually(() => phones.texts.some(({ to }) => to === '+51900000005'));
});
