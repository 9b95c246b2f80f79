import type { Tracing } from '../platform/observability/index.js';

/** Node's error for a package that is not installed. */
const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'MODULE_NOT_FOUND';

/**
 * Starts tracing if OTEL_EXPORTER_OTLP_ENDPOINT is set; otherwise loads nothing. The SDK can only patch
 * modules that are loaded after it, so this is the first import of main.ts. For the same reason it reads
 * the environment itself: the settings would be available too late. The SDK reads further variables
 * (OTEL_SERVICE_NAME, OTEL_TRACES_SAMPLER …).
 */
function startTracing(): Tracing | null {
  const endpoint = process.env['OTEL_EXPORTER_OTLP_ENDPOINT'];
  if (endpoint === undefined || endpoint.trim() === '') return null;
  try {
    const sdk = require('./tracing-sdk.js') as typeof import('./tracing-sdk.js');
    return sdk.start();
  } catch (error) {
    if (!isMissing(error)) throw error;
    process.stderr.write(
      'Rowlock could not start. OTEL_EXPORTER_OTLP_ENDPOINT is set, but the tracing packages are not installed: run npm ci without --omit=optional, or unset it.\n',
    );
    process.exit(1);
  }
}

export const tracing = startTracing();
