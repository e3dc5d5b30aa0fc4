import { tryHold } from '../src/exclusive.ts';

// A process to be killed while it holds the lock of that name.
await tryHold(process.argv[2] ?? '');
process.send?.('held');
setInterval(() => {}, 1_000);
