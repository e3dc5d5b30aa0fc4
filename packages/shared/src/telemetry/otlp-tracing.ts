import {
  createTraceState,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace as api,
  type Context,
  type Span as OtelSpan,
  type SpanContext,
  type Tracer,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { defaultResource, detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
  type Sampler,
} from '@opentelemetry/sdk-trace';
import type { Logger } from '../logger.ts';
import { version } from '../version.ts';
import { NotedExporter } from './noted-exporter.ts';
import type { TelemetryConfig } from './telemetry-config.ts';
import type { TraceContext } from './trace-context.ts';
import { noTracing, type Span, type SpanEnd, type SpanStart, type Tracing } from './tracing.ts';

/** How long a stopping service waits for its last spans to be taken, in milliseconds. */
const flushWithinMs = 2_000;

const kinds = {
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
} as const;

/** Traces of one service, exported over OTLP. Loaded where an endpoint is configured only: it is most of what OpenTelemetry is. */
export class OtlpTracing implements Tracing {
  readonly #provider: TracerProvider;
  readonly #tracer: Tracer;

  constructor(
    service: string,
    config: TelemetryConfig & { readonly OTEL_EXPORTER_OTLP_ENDPOINT: string },
    logger: Logger,
  ) {
    const base = config.OTEL_EXPORTER_OTLP_ENDPOINT.replace(/\/+$/, '');
    const timeoutMillis = config.OTEL_EXPORTER_OTLP_TIMEOUT;
    // Headers, compression and certificates it takes from the environment by itself.
    const exporter = new NotedExporter(new OTLPTraceExporter({ url: `${base}/v1/traces`, timeoutMillis }), logger);
    const scheduledDelayMillis = config.OTEL_BSP_SCHEDULE_DELAY;
    this.#provider = new TracerProvider({
      resource: defaultResource()
        .merge(
          resourceFromAttributes({ 'service.name': service, 'service.namespace': 'turno', 'service.version': version }),
        )
        .merge(detectResources({ detectors: [envDetector] })),
      sampler: samplerOf(config),
      spanProcessors: [new BatchSpanProcessor({ exporter, scheduledDelayMillis })],
    });
    this.#tracer = this.#provider.getTracer('turno', version);
  }

  begin(start: SpanStart): Span {
    const { name, kind, parent, mayBeginTrace, links = [], attributes } = start;
    if (!parent && !mayBeginTrace) return noTracing.begin(start);
    const options = {
      kind: kinds[kind],
      links: links.map((link) => ({ context: spanContextOf(link) })),
      ...(attributes && { attributes }),
    };
    return new OtlpSpan(this.#tracer.startSpan(name, options, contextOf(parent)));
  }

  async stop(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const tooLong = new Promise<void>((resolve) => (timer = setTimeout(resolve, flushWithinMs)));
    await Promise.race([this.#provider.shutdown().catch(() => undefined), tooLong]);
    clearTimeout(timer);
  }
}

class OtlpSpan implements Span {
  readonly trace: TraceContext;
  readonly #span: OtelSpan;

  constructor(span: OtelSpan) {
    this.#span = span;
    const { traceId, spanId, traceFlags, traceState } = span.spanContext();
    const traceparent = `00-${traceId}-${spanId}-0${traceFlags & 1}`;
    const tracestate = traceState?.serialize();
    this.trace = tracestate ? { traceparent, tracestate } : { traceparent };
  }

  end({ name, attributes, error }: SpanEnd = {}): void {
    if (name !== undefined) this.#span.updateName(name);
    if (attributes) this.#span.setAttributes(attributes);
    if (error !== undefined) this.#span.setStatus({ code: SpanStatusCode.ERROR, message: error });
    this.#span.end();
  }
}

function samplerOf({ OTEL_TRACES_SAMPLER: name, OTEL_TRACES_SAMPLER_ARG: share }: TelemetryConfig): Sampler {
  const root = {
    always_on: () => new AlwaysOnSampler(),
    always_off: () => new AlwaysOffSampler(),
    traceidratio: () => new TraceIdRatioBasedSampler(share),
  }[name.replace('parentbased_', '') as 'always_on' | 'always_off' | 'traceidratio']();
  return name.startsWith('parentbased_') ? new ParentBasedSampler({ root }) : root;
}

function contextOf(parent: TraceContext | undefined): Context {
  return parent ? api.setSpanContext(ROOT_CONTEXT, spanContextOf(parent)) : ROOT_CONTEXT;
}

function spanContextOf({ traceparent, tracestate }: TraceContext): SpanContext {
  return {
    traceId: traceparent.slice(3, 35),
    spanId: traceparent.slice(36, 52),
    traceFlags: Number.parseInt(traceparent.slice(53, 55), 16) & 1,
    isRemote: true,
    ...(tracestate !== undefined && { traceState: createTraceState(tracestate) }),
  };
}
