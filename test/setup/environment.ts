import type { ChildProcess } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { types } from 'node:util';
import { TestEnvironment } from 'jest-environment-node';
import mysql from 'mysql2/promise';

interface TestEvent {
  readonly name: string;
  readonly test?: { readonly errors: readonly unknown[] };
}

/**
 * Drops the databases of a test file after everything in the file has ended, the application
 * included; keeps them if a test was red.
 */
export default class DatabaseEnvironment extends TestEnvironment {
  private isRed = false;

  override async setup(): Promise<void> {
    await super.setup();
    recogniseErrorsOfNode(this.global['Error']);
  }

  handleTestEvent(event: TestEvent): void {
    const failed = event.name === 'test_done' && (event.test?.errors.length ?? 0) > 0;
    if (failed || event.name === 'hook_failure') this.isRed = true;
  }

  override async teardown(): Promise<void> {
    // A red test may not have come to the line that stops its service; jest would wait for it.
    for (const child of (this.global['testProcesses'] ?? []) as ChildProcess[])
      child.kill('SIGKILL');
    const databases = (this.global['testDatabases'] ?? []) as string[];
    const url = process.env['TEST_SERVER_URL'];
    if (url !== undefined && databases.length > 0) {
      if (this.isRed) keep(url, databases);
      else await drop(url, databases);
    }
    await super.teardown();
  }
}

/**
 * Jest runs a file in a realm of its own with another `Error`, so ECONNRESET and its like, made by
 * Node outside, would not be `instanceof Error` there, as they are in the service.
 */
function recogniseErrorsOfNode(errorOfRealm: ErrorConstructor): void {
  const isInstance = Function.prototype[Symbol.hasInstance];
  Object.defineProperty(errorOfRealm, Symbol.hasInstance, {
    value(this: unknown, candidate: unknown): boolean {
      return (
        isInstance.call(this as () => void, candidate) ||
        (this === errorOfRealm && types.isNativeError(candidate))
      );
    },
  });
}

function keep(serverUrl: string, databases: readonly string[]): void {
  process.stderr.write(`A test was red, kept: ${databases.join(', ')} on ${serverUrl}\n`);
  const socket = new URL(serverUrl).searchParams.get('socketPath');
  if (socket !== null) writeFileSync(join(dirname(socket), 'kept'), '');
}

async function drop(serverUrl: string, databases: readonly string[]): Promise<void> {
  const { hostname: host, port, username, password, searchParams } = new URL(serverUrl);
  const socketPath = searchParams.get('socketPath');
  const where = socketPath === null ? { host, port: Number(port || 3306) } : { socketPath };
  const credentials = { user: username, password: decodeURIComponent(password) };
  const connection = await mysql.createConnection({ ...where, ...credentials });
  for (const name of databases) await connection.query(`DROP DATABASE ${name}`);
  await connection.end();
}
