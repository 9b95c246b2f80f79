import {
  existsSync,
  lstatSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { EmbeddedServerError } from '../../src/embedded-mysql/embedded-server.error.js';
import type { EmbeddedServer } from '../../src/embedded-mysql/embedded-server.js';
import { buildApp, type BuiltApp } from './support/app-process.js';
import { eventually } from '../kit/eventually.js';
import { breakableServer, pathsBelow, query, Sandbox } from './support/harness.js';
import { commandLines, guardOf, isRunning } from './support/processes.js';

describe('the embedded server, from start to stop', () => {
  let app: BuiltApp;
  beforeAll(() => {
    app = buildApp();
  });
  afterAll(() => app.remove());

  it('keeps the data from one run to the next', async () => {
    await Sandbox.with(async (sandbox) => {
      const first = await sandbox.start();
      await query(first.url, 'CREATE TABLE seats (n INT)', 'INSERT INTO seats VALUES (20)');
      await first.stop();
      const second = await sandbox.start();
      expect(await query(second.url, 'SELECT n FROM seats')).toEqual([{ n: 20 }]);
      expect(second.url).toBe(first.url);
      expect(sandbox.said.filter((line) => line.startsWith('creating a new'))).toHaveLength(1);
    });
  });

  (process.platform === 'linux' ? it : it.skip)(
    'gives no setting to the server and its guard',
    async () => {
      process.env['ADMIN_API_KEY'] = 'hunter2';
      process.env['NOTIFY_SOCKET'] = '/run/systemd/notify';
      await Sandbox.with(async (sandbox) => {
        const { pid } = await sandbox.start();
        const { guard, readers } = guardOf(pid);
        for (const one of [pid, guard, ...readers]) {
          const environment = readFileSync(`/proc/${one}/environ`, 'utf8').split('\0');
          expect(environment.join(' ')).not.toMatch(/hunter2|NOTIFY_SOCKET|JEST/);
          expect(environment).toContain(`PATH=${process.env['PATH']}`);
        }
      }).finally(() => {
        delete process.env['ADMIN_API_KEY'];
        delete process.env['NOTIFY_SOCKET'];
      });
    },
  );

  it('stops once, however often it is asked to, and leaves only its data', async () => {
    await Sandbox.with(async (sandbox) => {
      const server = await sandbox.start();
      await Promise.all([server.stop(), server.stop()]);
      await server.stop();
      expect(isRunning(server.pid)).toBe(false);
      expect(readdirSync(sandbox.dataDir).toSorted()).toEqual(
        ['data', 'error.log', 'rowlock.json', 'tmp'].toSorted(),
      );
    });
  });

  it('keeps Node alive until it is stopped, and no longer', async () => {
    await Sandbox.with(async (sandbox) => {
      const running = app.start(sandbox.dataDir, 'once');
      expect(await running.outcome()).toMatchObject({ url: expect.any(String) as string });
      expect(await running.exited).toBe(0);
    });
  });

  it('refuses a path too long for a socket before it creates anything', async () => {
    await Sandbox.with(async (sandbox) => {
      const parent = join(sandbox.root, 'x'.repeat(120));
      Object.assign(sandbox, { dataDir: join(parent, 'mysql') });
      await expect(sandbox.start()).rejects.toThrow(/too long.*DATA_DIR/s);
      expect(existsSync(parent)).toBe(false);
    });
  });

  it('works with the longest path that it accepts', async () => {
    await Sandbox.with(async (sandbox) => {
      const longest = (process.platform === 'linux' ? 107 : 103) - '/owner/next/next/s'.length;
      const name = 'x'.repeat(longest - sandbox.root.length - 1);
      Object.assign(sandbox, { dataDir: join(sandbox.root, `${name}x`) });
      await expect(sandbox.start()).rejects.toThrow(EmbeddedServerError);
      Object.assign(sandbox, { dataDir: join(sandbox.root, name) });
      const server = await sandbox.start();
      expect(await query(server.url, 'SELECT 1 one')).toEqual([{ one: 1 }]);
    });
  });

  it("quotes the server's error if it does not start, and can be started again", async () => {
    await Sandbox.with(async (sandbox) => {
      const { binary, fault } = await breakableServer(sandbox);
      writeFileSync(fault, '');
      const start = sandbox.start(binary);
      await expect(start).rejects.toThrow(EmbeddedServerError);
      await expect(start).rejects.toThrow(/exit code 3.*a planted fault/s);
      await sandbox.start();
    });
  });

  it('does not use the temporary folder of the machine, even while it prepares', async () => {
    await Sandbox.with(async (sandbox) => {
      const start = sandbox.start();
      const isPreparing = (line: string): boolean =>
        /--(?:bootstrap|initialize)/.test(line) &&
        existsSync(sandbox.dataDir) &&
        readdirSync(sandbox.dataDir).some(
          (name) => line.includes(`${name} `) && name.includes('init'),
        );
      await eventually('the preparation', () => commandLines().some(isPreparing));
      for (const line of commandLines().filter(isPreparing))
        expect(line).toMatch(/ --tmpdir=\S+\/tmp /);
      const { url } = await start;
      const [row] = await query(url, 'SELECT @@tmpdir folder');
      expect(row).toEqual({ folder: join(sandbox.dataDir, 'tmp') });
    });
  });

  it('names the alternatives if the configured program is not a server', async () => {
    await Sandbox.with(async (sandbox) => {
      await expect(sandbox.start('/nowhere/mysqld')).rejects.toThrow(/EMBEDDED_MYSQLD/);
      await expect(sandbox.start('/bin/echo')).rejects.toThrow(/EMBEDDED_MYSQLD/);
      expect(existsSync(sandbox.dataDir)).toBe(false);
    });
  });
});

describe('a running embedded server', () => {
  const sandbox = new Sandbox();
  let server: EmbeddedServer;
  beforeAll(async () => {
    server = await sandbox.start();
  });
  afterAll(async () => {
    await server.stop();
    expect(openToOthers(sandbox.dataDir)).toEqual([]);
    rmSync(sandbox.root, { recursive: true, force: true });
  });

  it('describes what runs and where', () => {
    expect(server.description).toMatch(/^(?:MariaDB|MySQL) \d+\.\d+\.\d+ \(embedded\), data in \//);
    expect(server.description).toContain(sandbox.dataDir);
    const socket = encodeURIComponent(join(sandbox.dataDir, 'mysql.sock'));
    expect(server.url).toBe(`mysql://root@localhost/rowlock?socketPath=${socket}`);
  });

  it('has its database, with a collation that compares exactly', async () => {
    const [row] = await query(server.url, 'SELECT DATABASE() name, @@collation_database collation');
    expect(row).toEqual({ name: 'rowlock', collation: 'utf8mb4_bin' });
  });

  it('is durable, and uses UTC', async () => {
    const [row] = await query(
      server.url,
      'SELECT @@innodb_flush_log_at_trx_commit flush_log, @@log_bin = 0 OR @@sync_binlog = 1 synced,' +
        ' @@global.time_zone zone, @@max_connections connections',
    );
    expect(row).toEqual({ flush_log: 1, synced: 1, zone: '+00:00', connections: 500 });
  });

  it('is reachable only through its socket', async () => {
    const [row] = await query(server.url, 'SELECT @@skip_networking skipped, @@port port');
    expect(row).toEqual({ skipped: 1, port: 0 });
  });

  it('gives other users no access to its files, while running or stopped', async () => {
    await query(server.url, 'CREATE TABLE seats (n INT)', 'INSERT INTO seats VALUES (1)');
    expect(openToOthers(sandbox.dataDir)).toEqual([]);
    expect(statSync(sandbox.dataDir).mode & 0o777).toBe(0o700);
  });
});

function openToOthers(folder: string): string[] {
  return pathsBelow(folder).filter((path) => {
    const stat = lstatSync(path, { throwIfNoEntry: false });
    return stat !== undefined && (stat.mode & 0o077) !== 0;
  });
}
