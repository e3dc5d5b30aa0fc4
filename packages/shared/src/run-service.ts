import type { z } from 'zod';
import { ConfigError, readConfig } from './config.ts';
import { withoutPasswords } from './credentials.ts';
import { createBlockLogger, type Logger } from './logger.ts';
import { withoutPersonal } from './masking.ts';

/** A service that has started. */
export interface RunningService {
  /** Orderly: unready, take nothing new, finish what is in flight, close. */
  stop(): Promise<void>;
}

interface ServiceConfig {
  readonly LOG_LEVEL: string;
  readonly SHUTDOWN_TIMEOUT_MS: number;
}

/**
 * The main program of every service: reads the configuration, starts, and stops in order on SIGTERM or SIGINT.
 * Ends the process with 1 when the configuration is wrong, the start fails, or stopping takes too long.
 */
export async function runService<T extends z.ZodObject>(
  name: string,
  schema: T,
  start: (config: z.infer<T>, logger: Logger) => Promise<RunningService>,
): Promise<void> {
  try {
    const config = readConfig(schema);
    const { LOG_LEVEL, SHUTDOWN_TIMEOUT_MS } = config as unknown as ServiceConfig;
    const logger = createBlockLogger(name, LOG_LEVEL);
    tellOfDefects(logger);
    const service = await start(config, logger);
    stopOnSignals(service, SHUTDOWN_TIMEOUT_MS, logger);
  } catch (error) {
    console.error(error instanceof ConfigError ? `${name}: ${error.message}` : stackOf(error));
    process.exit(1);
  }
}

/** Node would write the error to standard error with all that it carries: of a failed write that is what was to be written. */
function tellOfDefects(logger: Logger): void {
  process.on('uncaughtException', (error) => {
    logger.fatal({ err: error }, 'a defect ends the service');
    process.exit(1);
  });
}

function stackOf(error: unknown): string {
  return withoutPersonal(withoutPasswords(error instanceof Error ? (error.stack ?? error.message) : String(error)));
}

function stopOnSignals(service: RunningService, timeoutMs: number, logger: Logger): void {
  let stopping = false;
  const stop = async (signal: NodeJS.Signals): Promise<void> => {
    if (stopping) return;
    stopping = true;
    logger.info({ signal }, 'stopping');
    setTimeout(() => {
      logger.error({ timeout_ms: timeoutMs }, 'stopping took too long; what was in flight will be delivered again');
      process.exit(1);
    }, timeoutMs).unref();
    await service.stop();
    logger.info('stopped');
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      stop(signal).catch((error: unknown) => {
        logger.error({ err: error }, 'stopping failed');
        process.exit(1);
      });
    });
  }
}
