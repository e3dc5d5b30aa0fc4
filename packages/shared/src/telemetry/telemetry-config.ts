import { z } from 'zod';

const ratio = z
  .string()
  .regex(/^(0(\.\d+)?|1(\.0+)?)$/, 'a share from 0 to 1 is expected')
  .transform(Number);
const milliseconds = z
  .string()
  .regex(/^[1-9]\d{0,6}$/, 'a number of milliseconds is expected')
  .transform(Number);

/**
 * Where traces go, by OpenTelemetry's own names. Without an endpoint none are recorded.
 *
 * @see https://opentelemetry.io/docs/specs/otel/protocol/exporter/
 */
export const telemetryVariables = {
  OTEL_EXPORTER_OTLP_ENDPOINT: z
    .url({ protocol: /^https?$/, error: 'an http:// or https:// URL is expected' })
    .optional()
    .describe(
      "the base of the collector's address, traces are posted to `/v1/traces` behind it; without it none are recorded: [traces](observability.md)",
    ),
  OTEL_EXPORTER_OTLP_PROTOCOL: z
    .literal('http/json', 'only http/json is spoken')
    .optional()
    .describe('`http/json`, the only one that is spoken'),
  OTEL_EXPORTER_OTLP_HEADERS: z
    .string()
    .regex(/^[^=,\s]+=[^,]*(,\s*[^=,\s]+=[^,]*)*$/, 'name=value,name=value is expected')
    .optional()
    .describe('sent with every export: `authorization=Bearer%20…,tenant=turno`'),
  OTEL_EXPORTER_OTLP_TIMEOUT: milliseconds
    .default(10_000)
    .describe('how long an export may take, in milliseconds, repeats included'),
  OTEL_BSP_SCHEDULE_DELAY: milliseconds
    .default(5_000)
    .describe('how long spans wait for others, in milliseconds, to be exported together'),
  OTEL_TRACES_SAMPLER: z
    .enum([
      'always_on',
      'always_off',
      'traceidratio',
      'parentbased_always_on',
      'parentbased_always_off',
      'parentbased_traceidratio',
    ])
    .default('parentbased_traceidratio')
    .describe("which traces are recorded, by OpenTelemetry's names"),
  OTEL_TRACES_SAMPLER_ARG: ratio.default(1).describe('the share of traces that is recorded, from 0 to 1'),
};
export type TelemetryConfig = z.infer<z.ZodObject<typeof telemetryVariables>>;
