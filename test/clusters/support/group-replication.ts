import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { FileGlobals } from '../../kit/database.js';
import { eventually } from '../../kit/eventually.js';
import { freePort } from '../../kit/free-port.js';
import { identify } from '../../../src/embedded-mysql/binary.js';
import { ClusterServer, urlOfAll } from './server-process.js';

const ROOT = join(__dirname, '../../..');
const UNPACKED = join(ROOT, '.data/mysql-server');
const UNPACK_MS_MAX = 300_000;
const ONLINE_MS_MAX = 60_000;
const WAIT_FOR_OTHERS = `SET SESSION group_replication_consistency = 'BEFORE'`;

const run = promisify(execFile);

interface Member {
  readonly server: ClusterServer;
  readonly groupPort: number;
}

/** Three members of MySQL Group Replication on this machine. */
export class GroupReplication {
  private constructor(
    private readonly program: string,
    private readonly members: readonly Member[],
    private readonly isMultiPrimary: boolean,
  ) {}

  static async start({ isMultiPrimary }: { isMultiPrimary: boolean }): Promise<GroupReplication> {
    const program = await findMysql();
    const folder = mkdtempSync(join(tmpdir(), 'rowlock-group-'));
    ((globalThis as FileGlobals).testFolders ??= []).push(folder);
    const members: Member[] = [];
    for (const name of ['m1', 'm2', 'm3']) {
      const server = new ClusterServer(join(folder, name), await freePort(), WAIT_FOR_OTHERS);
      mkdirSync(join(server.folder, 'tmp'), { recursive: true });
      members.push({ server, groupPort: await freePort() });
    }
    const group = new GroupReplication(program, members, isMultiPrimary);
    for (const index of members.keys()) {
      await run(program, [...group.place(index), '--initialize-insecure']);
      await group.start(index);
      await group.join(index, index === 0);
    }
    return group;
  }

  get servers(): readonly ClusterServer[] {
    return this.members.map(({ server }) => server);
  }

  /** @param first the server that is named first */
  urlOfAll(database: string, first = 0): string {
    return urlOfAll(this.servers, database, first);
  }

  /** The index of the first primary. */
  async primary(): Promise<number> {
    for (const [index, server] of this.servers.entries()) {
      const [row] = await server.query<{ isOff: number }>('SELECT @@super_read_only = 0 AS isOff');
      if (row!.isOff === 1) return index;
    }
    throw new Error('The group has no primary');
  }

  kill(index: number): Promise<void> {
    return this.servers[index]!.kill();
  }

  /** The member goes on without its group, and takes writes of its own. */
  async leave(index: number): Promise<void> {
    const server = this.servers[index]!;
    await server.query('STOP GROUP_REPLICATION');
    await server.query('SET GLOBAL super_read_only = OFF; SET GLOBAL read_only = OFF');
  }

  /**
   * Starts a member that was killed, and waits until it takes part. The group must have expelled the killed process
   * before: a join at that very moment hangs for a minute, and fails.
   */
  async restart(index: number): Promise<void> {
    await eventually('the member is expelled', () => this.isExpelled(index), ONLINE_MS_MAX);
    await this.start(index);
    await this.join(index, false);
  }

  async stop(): Promise<void> {
    await Promise.all(this.servers.map((server) => server.kill()));
  }

  private start(index: number): Promise<void> {
    return this.servers[index]!.start(this.program, this.options(index));
  }

  private async join(index: number, isFirst: boolean): Promise<void> {
    const server = this.servers[index]!;
    if (!(await this.isPrepared(server))) await server.query(PREPARE);
    if (isFirst) await server.query('SET GLOBAL group_replication_bootstrap_group = ON');
    await server.query('START GROUP_REPLICATION').catch((error: unknown) => {
      throw new Error(server.log, { cause: error });
    });
    if (isFirst) await server.query('SET GLOBAL group_replication_bootstrap_group = OFF');
    await eventually('the member is online', () => isOnline(server), ONLINE_MS_MAX);
  }

  /** As another member sees it. */
  private async isExpelled(index: number): Promise<boolean> {
    const other = this.servers[(index + 1) % this.servers.length]!;
    const rows = await other.query(
      'SELECT 1 FROM performance_schema.replication_group_members WHERE member_port = ?',
      '',
      [this.servers[index]!.port],
    );
    return rows.length === 0;
  }

  private async isPrepared(server: ClusterServer): Promise<boolean> {
    return (await server.query(`SELECT 1 FROM mysql.user WHERE user = 'rpl'`)).length > 0;
  }

  private place(index: number): string[] {
    const { folder } = this.servers[index]!;
    const root = process.getuid?.() === 0 ? ['--user=root'] : [];
    return ['--no-defaults', `--datadir=${folder}/data`, `--tmpdir=${folder}/tmp`, ...root];
  }

  private options(index: number): string[] {
    const { server, groupPort } = this.members[index]!;
    const seeds = this.members.map((member) => `127.0.0.1:${member.groupPort}`).join(',');
    const group: Record<string, string> = {
      'group-name': 'aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee',
      'start-on-boot': 'OFF',
      'local-address': `127.0.0.1:${groupPort}`,
      'group-seeds': seeds,
      'ip-allowlist': '127.0.0.1/8',
      'communication-stack': 'XCOM',
      'single-primary-mode': this.isMultiPrimary ? 'OFF' : 'ON',
      'enforce-update-everywhere-checks': this.isMultiPrimary ? 'ON' : 'OFF',
      'recovery-get-public-key': 'ON',
      // Otherwise an election takes 20 s.
      'member-expel-timeout': '0',
    };
    return [
      ...this.place(index),
      `--port=${server.port}`,
      '--bind-address=127.0.0.1',
      '--report-host=127.0.0.1',
      `--report-port=${server.port}`,
      `--socket=${server.folder}/s`,
      '--mysqlx=OFF',
      `--server-id=${index + 1}`,
      '--gtid-mode=ON',
      '--enforce-gtid-consistency=ON',
      '--innodb-buffer-pool-size=64M',
      '--innodb-redo-log-capacity=64M',
      '--sync-binlog=0',
      // To the page cache: a member that is killed must not lose what it has acknowledged.
      '--innodb-flush-log-at-trx-commit=2',
      '--max-connections=300',
      '--plugin-load-add=group_replication.so',
      ...Object.entries(group).map(([name, value]) => `--loose-group-replication-${name}=${value}`),
    ];
  }
}

const PREPARE = `SET sql_log_bin = 0;
CREATE USER rpl@'127.0.0.1' IDENTIFIED BY 'rpl';
GRANT REPLICATION SLAVE, BACKUP_ADMIN, CONNECTION_ADMIN, GROUP_REPLICATION_STREAM ON *.* TO rpl@'127.0.0.1';
SET sql_log_bin = 1;
RESET BINARY LOGS AND GTIDS;
CHANGE REPLICATION SOURCE TO SOURCE_USER = 'rpl', SOURCE_PASSWORD = 'rpl'
  FOR CHANNEL 'group_replication_recovery'`;

async function isOnline(server: ClusterServer): Promise<boolean> {
  const rows = await server
    .query<{ state: string }>(
      `SELECT member_state AS state FROM performance_schema.replication_group_members
        WHERE member_id = @@server_uuid`,
    )
    .catch(() => []);
  return rows[0]?.state === 'ONLINE';
}

/** EMBEDDED_MYSQLD if it is MySQL, or Debian's packages, unpacked beside our own data. */
async function findMysql(): Promise<string> {
  const given = process.env['EMBEDDED_MYSQLD'];
  if (given !== undefined && (await identify(given))?.engine === 'MySQL') return given;
  const unpacked = join(UNPACKED, 'mysqld');
  if (!existsSync(unpacked)) {
    await run(join(ROOT, '.ci/unpack-mysql'), [UNPACKED], { timeout: UNPACK_MS_MAX });
  }
  return unpacked;
}
