import { startEmbeddedServer } from '../../../src/embedded-mysql/embedded-server.js';

/**
 * An application that a test may kill. It starts the server of the folder in its first argument
 * and reports on standard output, one JSON object per line. With `once` as second argument, it
 * stops the server again.
 */
async function main(): Promise<void> {
  const [dataDir = '', mode] = process.argv.slice(2);
  const report = (line: object): void => {
    process.stdout.write(`${JSON.stringify(line)}\n`);
  };
  const binary = process.env['EMBEDDED_MYSQLD'];
  try {
    const say = (said: string): void => report({ said });
    const server = await startEmbeddedServer({ dataDir, binary, say });
    report({ url: server.url, pid: server.pid });
    if (mode === 'once') await server.stop();
  } catch (error) {
    report({ error: String(error) });
  }
}

void main();
