// Must be first: modules loaded before it are not traced.
import { tracing } from './bootstrap/start-tracing.js';
import 'reflect-metadata';
import { helpText, parseArguments } from './bootstrap/command-line.js';
import { SetUpError, UsageError, versionOf } from './platform/common/index.js';
import { loadConfig } from './platform/config/index.js';

const FAILED = 1;
const MISUSED = 2;

async function main(): Promise<void> {
  const command = parseArguments(process.argv.slice(2));
  if (command === 'help') return print(helpText());
  if (command === 'version') return print(versionOf());
  const config = loadConfig();
  // The service takes half a second to load: --help and invalid settings do not wait for it.
  const { explain, serve } = await import('./bootstrap/serve.js');
  await serve({ config, tracing, print }).catch((error: unknown) => fail(explain(error)));
}

const print = (text: string): void => void process.stdout.write(`${text}\n`);

function fail(why: string, code = FAILED): never {
  process.stderr.write(`Rowlock could not start. ${why}\n`);
  process.exit(code);
}

main().catch((error: unknown) => {
  if (error instanceof SetUpError) {
    fail(error.message, error instanceof UsageError ? MISUSED : FAILED);
  }
  fail(error instanceof Error ? (error.stack ?? error.message) : String(error));
});
