import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually } from '@turno/testing';
import { SmsReceiver } from './faults/sms-receiver.ts';
import { OtlpReceiver, type ReceivedSpan } from './otlp-receiver.ts';
import { System } from './system.ts';

const place = { branch_id: '27b6', sector_id: 's8', service_id: '7b6' };

let collector: OtlpReceiver;
let phones: SmsReceiver;
let system: System;

beforeAll(async () => {
  collector = await OtlpReceiver.listen();
  phones = await SmsReceiver.listen();
  const variables = {
    SMS_PROVIDER: 'webhook',
    SMS_WEBHOOK_URL: phones.url,
    SMS_WEBHOOK_SECRET: phones.secret,
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_BSP_SCHEDULE_DELAY: '50',
  };
  system = await System.start('traces', { variables });
});
afterAll(async () => {
  await system.stop();
  await phones.close();
  await collector.close();
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

    const answer = await system.post({ ...place, phone: '+51900000001' }, { traceparent, 'x-request-id': 'traced-1' });
    const spans = await exported(traceId);

    const { id } = (await answer.json()) as { id: string };
    const [http, calling, serving, inserting, publishing, processing, sending] = hops.map((hop) => spanOf(spans, hop));
    expect(spans).toHaveLength(hops.length);
    expect(http!.parentSpanId).toBe('00f067aa0ba902b7');
    expect(calling!.parentSpanId).toBe(http!.spanId);
    expect(serving!.parentSpanId).toBe(calling!.spanId);
    expect(inserting!.parentSpanId).toBe(serving!.spanId);
    expect(publishing!.parentSpanId).toBe(serving!.spanId);
    expect(processing!.parentSpanId).toBe(publishing!.spanId);
    expect(sending!.parentSpanId).toBe(processing!.spanId);
    expect(sending!.attributes).toMatchObject({ 'turno.ticket.id': id, 'turno.sms.result': 'sent' });
    for (const span of [http, calling, serving, processing]) {
      expect(span!.attributes['turno.request.id']).toBe('traced-1');
    }
  });

  test('then the spans have the names that OpenTelemetry has for HTTP and RabbitMQ, and nothing of a person', async () => {
    const before = collector.spans.length;
    const phone = '+51900000002';

    await system.post({ ...place, phone });
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
      'messaging.message.id': expect.stringMatching(/^\w{16}\.created$/),
    });
    expect(spanOf(spans, hops[5]).attributes).toMatchObject({ 'messaging.operation.type': 'process' });
    expect(JSON.stringify(collector.spans)).not.toContain(phone.slice(1));
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
