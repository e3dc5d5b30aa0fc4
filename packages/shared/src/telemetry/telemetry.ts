import type { Logger } from '../logger.ts';
import { Metrics } from './metrics.ts';
import type { TelemetryConfig } from './telemetry-config.ts';
import { noTracing, type Tracing } from './tracing.ts';

/** What a service tells of itself beside its log. */
export interface Telemetry {
  readonly tracing: Tracing;
  readonly metrics: Metrics;
}

/** Metrics always; traces where the configuration says where they go. */
export async function startTelemetry(service: string, config: TelemetryConfig, logger: Logger): Promise<Telemetry> {
  return { tracing: await startTracing(service, config, logger), metrics: new Metrics(service) };
}

async function startTracing(service: string, config: TelemetryConfig, logger: Logger): Promise<Tracing> {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint } = config;
  if (endpoint === undefined) return noTracing;
  const { OtlpTracing } = await import('./otlp-tracing.ts');
  return new OtlpTracing(service, { ...config, OTEL_EXPORTER_OTLP_ENDPOINT: endpoint }, logger);
}
