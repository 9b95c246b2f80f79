import { setTimeout as pause } from 'node:timers/promises';
import { context, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { type ExportResult, getRPCMetadata, RPCType } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { registerInstrumentations } from '@opentelemetry/instrumentation';
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { MySQL2Instrumentation } from '@opentelemetry/instrumentation-mysql2';
import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
} from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  NodeTracerProvider,
  type ReadableSpan,
  type SpanExporter,
} from '@opentelemetry/sdk-trace-node';
import type { Origin, Tracing } from '../platform/observability/index.js';

/** No other attributes leave the process: they may hold private data. */
const EXPORTED_ATTRIBUTES: ReadonlySet<string> = new Set([
  'http.request.method',
  'http.response.status_code',
  'http.route',
  'error.type',
  'db.system.name',
  'db.namespace',
  'db.query.text',
  'db.response.status_code',
  'rowlock.commands',
]);

const QUERY_LENGTH_MAX = 2_000;

/** Shutdown waits no longer than this for a collector that does not answer. */
const STOP_MS_MAX = 3_000;

/** Machines poll these every few seconds. */
const POLLED_PATHS = /^\/(?:health|metrics)\b/;

/** The literals of sql-text.ts have no quotes in them. */
const VALUES = /(?:_utf8mb4 )?x?'[^']*'|\b\d+(?:\.\d+)?\b|(?<=[(,] *)NULL\b/g;

/** Without its values. A batch has one row of them per command; the first row says it all. */
const masked = (sql: string): string =>
  sql
    .replaceAll(VALUES, '?')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/(\((?:\?[, ]*)+\))(?:,\s*\1)+/g, '$1, …')
    .replaceAll(/\?(?:, *\?)+/g, '?, …')
    .slice(0, QUERY_LENGTH_MAX);

/**
 * Exports only the allowed attributes of a span: no path, query or client address, and no error message,
 * because the database puts values into those. Queries of the background workers, which belong to no
 * request, are dropped: there is one every second.
 */
class DiscreetExporter implements SpanExporter {
  constructor(private readonly exporter: SpanExporter) {}

  export(spans: ReadableSpan[], done: (result: ExportResult) => void): void {
    const wanted = spans.filter(
      ({ kind, parentSpanContext }) => kind !== SpanKind.CLIENT || parentSpanContext !== undefined,
    );
    this.exporter.export(wanted.map(discreet), done);
  }

  forceFlush(): Promise<void> {
    return this.exporter.forceFlush?.() ?? Promise.resolve();
  }

  shutdown(): Promise<void> {
    return this.exporter.shutdown();
  }
}

function discreet(span: ReadableSpan): ReadableSpan {
  const allowed = Object.entries(span.attributes).filter(([name]) => EXPORTED_ATTRIBUTES.has(name));
  return Object.create(span, {
    attributes: { value: Object.fromEntries(allowed) },
    events: { value: [] },
    status: { value: { code: span.status.code } },
  }) as ReadableSpan;
}

/** As many links as a batch has commands; the SDK's default limit is half of that. */
const LINKS_MAX = 256;

/**
 * A batch's span is a child of the first traced request in it, and links to the others. So every sampled
 * request has a complete trace.
 */
class OpenTelemetryTracing implements Tracing {
  private readonly tracer = trace.getTracer('rowlock');

  constructor(private readonly provider: NodeTracerProvider) {}

  nameRoute(route: string): void {
    const metadata = getRPCMetadata(context.active());
    if (metadata?.type === RPCType.HTTP) metadata.route = route;
  }

  origin(): Origin | undefined {
    const span = trace.getActiveSpan();
    if (span?.isRecording() !== true) return undefined;
    const { traceId, spanId, traceFlags } = span.spanContext();
    return { traceId, spanId, traceFlags };
  }

  together<T>(name: string, origins: readonly Origin[], work: () => Promise<T>): Promise<T> {
    const [first, ...others] = origins;
    // Not in the context of the request that woke the lane up.
    if (first === undefined) return context.with(ROOT_CONTEXT, work);
    const options = {
      attributes: { 'rowlock.commands': origins.length },
      links: others.map((origin) => ({ context: origin })),
    };
    const parent = trace.setSpanContext(ROOT_CONTEXT, first);
    return this.tracer.startActiveSpan(name, options, parent, async (span) => {
      try {
        return await work();
      } catch (error) {
        span.setStatus({ code: SpanStatusCode.ERROR });
        throw error;
      } finally {
        span.end();
      }
    });
  }

  async stop(): Promise<void> {
    // Spans that could not be sent are lost; the SDK's own log says so.
    const sent = this.provider.shutdown().catch(() => undefined);
    await Promise.race([sent, pause(STOP_MS_MAX, undefined, { ref: false })]);
  }
}

/** Starts OpenTelemetry's SDK, which reads its exporter and sampler settings from the environment. */
export function start(): Tracing {
  const named = resourceFromAttributes({ 'service.name': 'rowlock' });
  const provider = new NodeTracerProvider({
    resource: defaultResource()
      .merge(named)
      .merge(detectResources({ detectors: [envDetector] })),
    spanLimits: { linkCountLimit: LINKS_MAX },
    spanProcessors: [new BatchSpanProcessor(new DiscreetExporter(new OTLPTraceExporter()))],
  });
  provider.register();
  registerInstrumentations({
    tracerProvider: provider,
    instrumentations: [
      new HttpInstrumentation({
        ignoreIncomingRequestHook: ({ url = '' }) => POLLED_PATHS.test(url),
      }),
      // Without masking, the span would hold the statement with its values.
      new MySQL2Instrumentation({ maskStatement: true, maskStatementHook: masked }),
    ],
  });
  return new OpenTelemetryTracing(provider);
}
