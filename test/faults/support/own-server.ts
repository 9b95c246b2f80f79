import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type mysql from 'mysql2/promise';
import {
  type EmbeddedServer,
  startEmbeddedServer,
} from '../../../src/embedded-mysql/embedded-server.js';
import { migrateUp } from '../../../src/platform/database/index.js';
import { connectTo } from '../../kit/connect.js';
import { serverWith } from './server-options.js';

const USER = 'service';
const PASSWORD = 'the-first-password';

/** A database server of a test's own, whose settings it may change. */
export class OwnServer {
  private constructor(
    private readonly folder: string,
    private readonly server: EmbeddedServer,
    private admin: mysql.Connection,
    readonly isMariaDb: boolean,
  ) {}

  /**
   * @param prepare gets the folder of the data, while no server runs
   * @param options of the server, after the launcher's
   */
  static async start(
    prepare?: (data: string) => void,
    options: readonly string[] = [],
  ): Promise<OwnServer> {
    const folder = mkdtempSync(join(tmpdir(), 'rsn-'));
    if (prepare !== undefined || options.length > 0) {
      await (await launch(folder)).stop();
      prepare?.(join(folder, 'mysql', 'data'));
    }
    const hasOptions = options.length > 0;
    const server = await launch(folder, hasOptions ? await serverWith(options, folder) : undefined);
    await migrateUp(server.url);
    const admin = await connectTo(server.url);
    const own = new OwnServer(folder, server, admin, server.description.includes('MariaDB'));
    await own.execute(
      `CREATE USER ${USER}@localhost IDENTIFIED BY '${PASSWORD}'`,
      `GRANT SELECT, INSERT, UPDATE, DELETE ON rowlock.* TO ${USER}@localhost`,
    );
    return own;
  }

  /** The URL of a user with the privileges of the service. */
  get url(): string {
    return this.server.url.replace('//root@', `//${USER}:${PASSWORD}@`);
  }

  /** For a server that has ended and was started again by its launcher. */
  async reconnect(): Promise<void> {
    this.admin.destroy();
    this.admin = await connectTo(this.server.url);
  }

  async execute(...statements: readonly string[]): Promise<void> {
    for (const statement of statements) await this.admin.query(statement);
  }

  async rows<Row>(sql: string): Promise<readonly Row[]> {
    const [rows] = await this.admin.query(sql);
    return rows as Row[];
  }

  /** Closes the connections of the service: others come with the settings of now. */
  async cutConnections(): Promise<void> {
    const sessions = await this.rows<{ readonly id: number }>(
      `SELECT id AS id FROM information_schema.processlist WHERE user = '${USER}'`,
    );
    // One may have ended meanwhile.
    for (const { id } of sessions) await this.admin.query(`KILL ${id}`).catch(() => undefined);
  }

  async stop(): Promise<void> {
    this.admin.destroy();
    await this.server.stop();
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

const launch = (folder: string, binary = process.env['EMBEDDED_MYSQLD']): Promise<EmbeddedServer> =>
  startEmbeddedServer({
    dataDir: join(folder, 'mysql'),
    binary,
    say: (line) => void process.stderr.write(`${line}\n`),
  });
