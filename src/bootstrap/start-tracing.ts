import type { Tracing } from '../platform/observability/index.js';

/** What npm says if a package is not there. */
const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'MODULE_NOT_FOUND';

/**
 * Traces, if OTEL_EXPORTER_OTLP_ENDPOINT says where to. What is to be traced must be loaded
 * afterwards, so this is the first thing that main.ts imports, and it reads the environment itself:
 * the settings, and the SDK has more of its own there (OTEL_SERVICE_NAME, OTEL_TRACES_SAMPLER …), would
 * come too late. Without an endpoint nothing is loaded.
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
      'Rowlock did not start. OTEL_EXPORTER_OTLP_ENDPOINT asks for traces, and the packages for them are not installed: run npm ci without --omit=optional, or unset it.\n',
    );
    process.exit(1);
  }
}

export const tracing = startTracing();
