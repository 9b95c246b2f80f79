import type { ChildProcess } from 'node:child_process';
import { rmSync } from 'node:fs';
import { types } from 'node:util';
import { TestEnvironment } from 'jest-environment-node';
import type { Connection } from 'mysql2/promise';
// Without `.js`: jest does not apply moduleNameMapper to its environments.
import { connectTo } from '../kit/connect';
import { writeDump } from './red-databases';

interface TestEvent {
  readonly name: string;
  readonly test?: { readonly errors: readonly unknown[] };
}

/**
 * Drops the databases of a test file once everything in it has ended, the application included. If a test
 * was red, it dumps them first.
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
    // A red test may never reach the line that stops its service, and jest would wait for it.
    for (const child of (this.global['testProcesses'] ?? []) as ChildProcess[])
      child.kill('SIGKILL');
    for (const folder of (this.global['testFolders'] ?? []) as string[])
      rmSync(folder, { recursive: true, force: true });
    const databases = (this.global['testDatabases'] ?? []) as string[];
    const url = process.env['TEST_SERVER_URL'];
    if (url !== undefined && databases.length > 0) {
      await this.endDatabases(url, databases);
    }
    await super.teardown();
  }

  private async endDatabases(serverUrl: string, names: readonly string[]): Promise<void> {
    const connection = await connectTo(serverUrl);
    for (const name of names) {
      await endSessions(connection, name);
      if (this.isRed) {
        const file = await writeDump(connection, name);
        process.stderr.write(`A test failed. Its database: npm run test:look -- ${file}\n`);
      }
      await connection.query(`DROP DATABASE ${name}`);
    }
    await connection.end();
  }
}

/** A red test may leave a transaction open, and DROP DATABASE would wait for its locks forever. */
async function endSessions(connection: Connection, database: string): Promise<void> {
  const [rows] = await connection.query(
    'SELECT id AS id FROM information_schema.processlist WHERE db = ?',
    [database],
  );
  for (const { id } of rows as { readonly id: number }[]) {
    // It may have ended meanwhile.
    await connection.query(`KILL ${id}`).catch(() => undefined);
  }
}

/**
 * Jest runs a file in its own realm with another `Error`. Errors that Node makes outside of it,
 * such as ECONNRESET, would not be `instanceof Error` there, as they are in the service.
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
