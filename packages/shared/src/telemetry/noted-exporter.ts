import { ExportResultCode } from '@opentelemetry/core';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace';
import type { Logger } from '../logger.ts';

type Answer = Parameters<SpanExporter['export']>[1];

/**
 * Says once in the log that spans cannot be exported, and once that they can again: a collector that is away is no affair of
 * whoever is served meanwhile. What could not be exported is dropped.
 */
export class NotedExporter implements SpanExporter {
  readonly #exporter: SpanExporter;
  readonly #logger: Logger;
  #isFailing = false;

  constructor(exporter: SpanExporter, logger: Logger) {
    this.#exporter = exporter;
    this.#logger = logger;
  }

  export(spans: ReadableSpan[], answer: Answer): void {
    this.#exporter.export(spans, (result) => {
      const isFailing = result.code !== ExportResultCode.SUCCESS;
      if (isFailing && !this.#isFailing) {
        this.#logger.warn({ reason: result.error?.message }, 'traces cannot be exported; they are dropped meanwhile');
      } else if (!isFailing && this.#isFailing) this.#logger.info('traces are exported again');
      this.#isFailing = isFailing;
      // To the SDK's batches each is done with, or it would log every one that is not.
      answer({ code: ExportResultCode.SUCCESS });
    });
  }

  shutdown(): Promise<void> {
    return this.#exporter.shutdown();
  }
}
