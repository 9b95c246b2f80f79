import { setTimeout as pause } from 'node:timers/promises';
import {
  context,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
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

/** What a span may say. Everything else may hold what nobody but the client and we should know. */
const TOLD: ReadonlySet<string> = new Set([
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

/** The end of the service does not wait longer for a collector that does not answer. */
const STOP_MS_MAX = 3_000;

/** Asked every few seconds by machines. */
const SILENT = /^\/(?:health|metrics)\b/;

/** Rows of placeholders are as many as the batch has commands, and say no more than one does. */
const shortened = (sql: string): string =>
  sql
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/(\((?:\?[, ]*)+\))(?:,\s*\1)+/g, '$1, …')
    .replaceAll(/\?(?:, *\?)+/g, '?, …')
    .slice(0, QUERY_LENGTH_MAX);

/**
 * Passes on no more of a span than it may say: no path, no query, no address, and no message of an
 * error, since the database puts values into those. Queries of workers, which nobody has asked for,
 * are left out: there is one every second.
 */
class DiscreetExporter implements SpanExporter {
  constructor(private readonly exporter: SpanExporter) {}

  export(spans: ReadableSpan[], done: (result: ExportResult) => void): void {
    const asked = spans.filter(
      ({ kind, parentSpanContext }) => kind !== SpanKind.CLIENT || parentSpanContext !== undefined,
    );
    this.exporter.export(asked.map(discreet), done);
  }

  forceFlush(): Promise<void> {
    return this.exporter.forceFlush?.() ?? Promise.resolve();
  }

  shutdown(): Promise<void> {
    return this.exporter.shutdown();
  }
}

function discreet(span: ReadableSpan): ReadableSpan {
  const told = Object.entries(span.attributes).filter(([name]) => TOLD.has(name));
  return Object.create(span, {
    attributes: { value: Object.fromEntries(told) },
    events: { value: [] },
    status: { value: { code: span.status.code } },
  }) as ReadableSpan;
}

/** Commands of one batch, and so requests that it may link to; the SDK's own limit is half of it. */
const LINKS_MAX = 256;

/**
 * A batch is part of the first request in it that is traced, and links to the others: whichever few
 * requests are sampled, their traces are whole.
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
    return span?.isRecording() === true ? span : undefined;
  }

  together<T>(name: string, origins: readonly Origin[], work: () => Promise<T>): Promise<T> {
    const [first, ...others] = origins as readonly Span[];
    // Not in the context of who woke the lane up.
    if (first === undefined) return context.with(ROOT_CONTEXT, work);
    const options = {
      attributes: { 'rowlock.commands': origins.length },
      links: others.map((one) => ({ context: one.spanContext() })),
    };
    const parent = trace.setSpan(ROOT_CONTEXT, first);
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
    // What it could not send is lost; there is nobody to tell but its own log.
    const sent = this.provider.shutdown().catch(() => undefined);
    await Promise.race([sent, pause(STOP_MS_MAX, undefined, { ref: false })]);
  }
}

/** Starts OpenTelemetry's SDK; where to and how much is in its own settings in the environment. */
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
        ignoreIncomingRequestHook: ({ url = '' }) => SILENT.test(url),
      }),
      // Without masking it would put the values into the statement.
      new MySQL2Instrumentation({ maskStatement: true, maskStatementHook: shortened }),
    ],
  });
  return new OpenTelemetryTracing(provider);
}
