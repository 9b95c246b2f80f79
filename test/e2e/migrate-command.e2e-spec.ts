import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedServer } from '../../src/embedded-mysql/embedded-server.js';
import { migrateUp, migrationStatus } from '../../src/platform/database/index.js';
import { connectTo, ServiceProcess } from '../kit/index.js';
import { createEmptyDatabase } from '../kit/database.js';
import { type End, endOf } from './support/layout.js';

const SCRIPT = join(__dirname, '../../scripts/migrate.mjs');

const migrate = (args: string, environment: NodeJS.ProcessEnv): Promise<End> =>
  endOf(SCRIPT, args.split(' '), { PATH: process.env['PATH'], ...environment });

describe('npm run migrate:down', () => {
  let url: string;
  let newest: string;

  beforeEach(async () => {
    url = await createEmptyDatabase(`t_down_${randomBytes(3).toString('hex')}`);
    newest = (await migrateUp(url)).at(-1)!.name;
  });

  const run = async (sql: string, address = url): Promise<unknown> => {
    const connection = await connectTo(address);
    const [rows] = await connection.query(sql);
    await connection.end();
    return rows;
  };

  const down = (args = 'down', DATABASE_URL = url): Promise<End> => migrate(args, { DATABASE_URL });

  const isDone = async (): Promise<boolean> => (await migrationStatus(url)).done.includes(newest);

  /** Reverts migrations until the newest is the one that added API keys. */
  async function goBackToKeys(): Promise<void> {
    while (!newest.startsWith('AddOrganisersAndKeys')) {
      expect((await down('down --yes')).code).toBe(0);
      newest = (await migrationStatus(url)).done.at(-1)!;
    }
  }

  it('says what will be lost, and changes nothing unless it is confirmed', async () => {
    await goBackToKeys();
    await run(`INSERT INTO organisers (id, name, created_at) VALUES (UUID(), 'Arena', NOW())`);
    const { code, out, complaint } = await down();
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(complaint).toContain(`Reverting ${newest} deletes, permanently:\n`);
    expect(complaint).toContain('  table organisers (1 row)\n');
    expect(complaint).toContain('  table api_keys (0 rows)\n');
    expect(complaint).toContain('  column events.organiser_id (0 rows)\n');
    expect(complaint).toMatch(/Nothing was changed\. Add --yes to confirm\.\n$/);
    expect(complaint).not.toContain('PROCESS');
    expect(await isDone()).toBe(true);
  });

  it('reverts it with --yes', async () => {
    const { code, out } = await down('down --yes');
    expect({ code, out }).toEqual({ code: 0, out: `reverted ${newest}\n` });
    expect(await isDone()).toBe(false);
  });

  it('refuses while an instance runs, even with --yes', async () => {
    const service = await ServiceProcess.start({ DATABASE_URL: url });
    try {
      const { code, out, complaint } = await down('down --yes');
      expect({ code, out }).toEqual({ code: 1, out: '' });
      expect(complaint).toMatch(/Other programs use this database \(.+@.+\)\. Stop all instances/);
      expect(await isDone()).toBe(true);
    } finally {
      await service.stop();
    }
  });

  it('says that it cannot see all instances, if its user lacks PROCESS', async () => {
    const name = new URL(url).pathname.slice(1);
    const user = `u_${randomBytes(3).toString('hex')}`;
    await run(
      `CREATE USER ${user}@'%' IDENTIFIED BY 'secret', ${user}@localhost IDENTIFIED BY 'secret'`,
    );
    await run(`GRANT ALL ON ${name}.* TO ${user}@'%', ${user}@localhost`);
    const other = new URL(url);
    [other.username, other.password] = [user, 'secret'];
    const { complaint } = await down('down', other.href);
    expect(complaint).toContain('lacks the privilege PROCESS');
    await run(`GRANT PROCESS ON *.* TO ${user}@'%', ${user}@localhost`);
    expect((await down('down', other.href)).complaint).not.toContain('PROCESS');
    await run(`DROP USER ${user}@'%', ${user}@localhost`);
  });

  it.each(['down now', 'down --force', 'up --yes'])('%s is refused', async (args) => {
    const { code } = await down(args);
    expect(code).toBe(2);
    expect(await isDone()).toBe(true);
  });
});

describe('npm run migrate:status on the embedded database', () => {
  let DATA_DIR: string;

  beforeAll(() => {
    DATA_DIR = mkdtempSync(join(tmpdir(), 'rl-'));
  });

  afterAll(() => rmSync(DATA_DIR, { recursive: true, force: true }));

  it('says where there is none', async () => {
    const { code, complaint } = await migrate('status', { DATA_DIR });
    expect(code).toBe(1);
    expect(complaint).toContain(`There is no database in ${DATA_DIR}/mysql (DATA_DIR)`);
  });

  it('lists the migrations, whether or not the service runs', async () => {
    const dataDir = join(DATA_DIR, 'mysql');
    const server = await startEmbeddedServer({ dataDir, say: () => undefined });
    const beside = await migrate('status', { DATA_DIR });
    await server.stop();
    const alone = await migrate('status', { DATA_DIR });
    for (const { code, out } of [beside, alone]) {
      expect(code).toBe(0);
      expect(out).toMatch(/^\[ \] CreateBookingTables/);
    }
    expect((await migrate('up', { DATA_DIR })).out).toMatch(/^ran CreateBookingTables/);
    expect((await migrate('status', { DATA_DIR })).out).toMatch(/^\[X\] CreateBookingTables/);
  });
});
