import { startStack } from '../src/index.ts';

// A process that owns a stack, to be killed by a test. It says when the stack is there and then does nothing.
const [name = ''] = process.argv.slice(2);
const { amqpUrl, managementUrl, mongoUrl } = await startStack({ name, keepData: false, report: () => {} });
process.send?.({ amqpUrl, managementUrl, mongoUrl });
setInterval(() => {}, 1_000);
