// The floor's notifications: for each event one call of the provider. No record, no text, no retry.
import { connect } from 'amqplib';
import { eventQueue } from './names.ts';

const connection = await connect(process.env['AMQP_URL']!, { noDelay: true });
const channel = await connection.createChannel();
await channel.prefetch(100);

async function notify(content: Buffer): Promise<void> {
  const { phone, number } = JSON.parse(content.toString()) as { phone?: string; number: number };
  if (phone === undefined) return;
  const response = await fetch(process.env['FLOOR_PROVIDER_URL']!, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ to: phone, text: `Your number is ${number}.` }),
  });
  await response.text();
}

await channel.consume(eventQueue, (message) => {
  void notify(message!.content).then(() => channel.ack(message!));
});
process.send!('ready');
