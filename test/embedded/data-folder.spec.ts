import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EmbeddedServerError } from '../../src/embedded-mysql/embedded-server.error.js';
import { buildApp, type BuiltApp } from './support/app-process.js';
import { binaryUnderTest, fingerprint, query, Sandbox } from './support/harness.js';

describe('the data folder of the embedded server', () => {
  let app: BuiltApp;
  beforeAll(() => {
    app = buildApp();
  });
  afterAll(() => app.remove());

  it('is refused and left untouched if it contains other data', async () => {
    await Sandbox.with(async (sandbox) => {
      mkdirSync(join(sandbox.dataDir, 'mysql'), { recursive: true, mode: 0o755 });
      writeFileSync(join(sandbox.dataDir, 'ibdata1'), 'precious', { mode: 0o644 });
      const before = fingerprint(sandbox.dataDir);
      const start = sandbox.start();
      await expect(start).rejects.toThrow(EmbeddedServerError);
      await expect(start).rejects.toThrow(/do not belong to Rowlock.*DATA_DIR/s);
      expect(fingerprint(sandbox.dataDir)).toEqual(before);
    });
  });

  it('is refused and left untouched if another engine created the data', async () => {
    await Sandbox.with(async (sandbox) => {
      const server = await sandbox.start();
      await server.stop();
      const made = JSON.parse(readFileSync(join(sandbox.dataDir, 'rowlock.json'), 'utf8')) as {
        engine: string;
      };
      expect(server.description).toContain(made.engine);
      const other = made.engine === 'MySQL' ? 'MariaDB' : 'MySQL';
      const marker = { engine: other, version: '99.9.9', created: 'some day' };
      writeFileSync(join(sandbox.dataDir, 'rowlock.json'), JSON.stringify(marker));
      const before = fingerprint(sandbox.dataDir);
      // By its path: otherwise a server of the matching engine would be found, rightly.
      const binary = await binaryUnderTest();
      await expect(sandbox.start(binary)).rejects.toThrow(
        new RegExp(`created by ${other} 99\\.9\\.9.*EMBEDDED_MYSQLD`, 's'),
      );
      expect(fingerprint(sandbox.dataDir)).toEqual(before);
    });
  });

  it('may exist before, if it is empty', async () => {
    await Sandbox.with(async (sandbox) => {
      mkdirSync(sandbox.dataDir, { mode: 0o755 });
      const server = await sandbox.start();
      expect(await query(server.url, 'SELECT 1 one')).toEqual([{ one: 1 }]);
    });
  });

  it('is prepared again after a kill at any moment of its preparation', async () => {
    await Sandbox.with(async (sandbox) => {
      for (const delayMs of [0, 100, 300, 600]) {
        const running = app.start(sandbox.dataDir);
        await running.report(({ said }) => said?.startsWith('creating a new') ?? false);
        await new Promise((resolve) => setTimeout(resolve, delayMs));
        running.child.kill('SIGKILL');
        await running.exited;
        // A fast machine may have finished; then there is nothing left to interrupt.
        if (existsSync(join(sandbox.dataDir, 'data'))) break;
      }
      const server = await sandbox.start();
      await query(server.url, 'CREATE TABLE seats (n INT)', 'INSERT INTO seats VALUES (1)');
      expect(readdirSync(sandbox.dataDir).filter((name) => name.includes('init'))).toEqual([]);
    });
  });

  it('is cleaned up after an interrupted preparation', async () => {
    await Sandbox.with(async (sandbox) => {
      const unfinished = join(sandbox.dataDir, 'data.init-abcdef');
      mkdirSync(join(unfinished, 'mysql'), { recursive: true, mode: 0o700 });
      writeFileSync(join(unfinished, 'ibdata1'), 'half');
      writeFileSync(join(sandbox.dataDir, 'rowlock.json'), '');
      const server = await sandbox.start();
      expect(existsSync(unfinished)).toBe(false);
      expect(await query(server.url, 'SELECT 1 one')).toEqual([{ one: 1 }]);
      expect(readFileSync(join(sandbox.dataDir, 'rowlock.json'), 'utf8')).toContain('"engine"');
    });
  });
});
