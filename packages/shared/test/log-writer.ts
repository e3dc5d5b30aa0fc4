// Logs a hundred lines, then does what it was told to.
import { createBlockLogger } from '../src/logger.ts';

const logger = createBlockLogger('writer', 'info');
for (let i = 1; i <= 100; i++) logger.info({ i }, 'line');

const endings: Readonly<Record<string, () => void>> = {
  exit: () => process.exit(0),
  return: () => undefined,
  throw: () => {
    throw new Error('nobody foresaw this');
  },
  'error, then kill -9': () => {
    logger.error('an error');
    process.kill(process.pid, 'SIGKILL');
  },
  stay: () => void setInterval(() => undefined, 60_000),
  'a deaf reader': () => {
    process.on('disconnect', () => {
      logger.info('for nobody');
      process.exit(0);
    });
  },
};
endings[process.argv[2]!]!();
