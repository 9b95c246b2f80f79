import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FileGlobals } from '../../kit/database.js';
import { connectTo } from '../../kit/index.js';
import { eventually } from '../../kit/eventually.js';

const START_MS_MAX = 90_000;

/** Names all servers, in turn from one of them on. */
export function urlOfAll(servers: readonly ClusterServer[], database: string, first = 0): string {
  const inOrder = [...servers.slice(first), ...servers.slice(0, first)];
  const hosts = inOrder.map(({ port }) => `127.0.0.1:${port}`);
  return `mysql://root@${hosts.join(',')}/${database}`;
}

/** A database server of a cluster, which ends with its test file. */
export class ClusterServer {
  private child: ChildProcess | undefined;

  constructor(
    readonly folder: string,
    readonly port: number,
    /** After this statement, a session reads what other servers had committed before. */
    private readonly waitForOthers: string,
  ) {}

  urlOf(database: string): string {
    return `mysql://root@127.0.0.1:${this.port}/${database}`;
  }

  async start(program: string, args: readonly string[]): Promise<void> {
    const output = openSync(join(this.folder, 'output'), 'a');
    this.child = spawn(program, args, { stdio: ['ignore', output, output] });
    closeSync(output);
    ((globalThis as FileGlobals).testProcesses ??= []).push(this.child);
    await eventually('the server answers', () => this.answers(), START_MS_MAX).catch(
      (error: unknown) => {
        throw new Error(this.log, { cause: error });
      },
    );
  }

  /** The last lines that it has written. */
  get log(): string {
    return readFileSync(join(this.folder, 'output'), 'utf8').slice(-4_000);
  }

  async query<Row>(sql: string, database = '', parameters: unknown[] = []): Promise<Row[]> {
    const connection = await connectTo(this.urlOf(database), { multipleStatements: true });
    // A server that is killed meanwhile.
    connection.on('error', () => undefined);
    try {
      return (await connection.query(sql, parameters))[0] as Row[];
    } finally {
      connection.destroy();
    }
  }

  /** Waits until it has applied what the other servers have committed. */
  async catchUp(database: string): Promise<void> {
    await this.query(`${this.waitForOthers}; SELECT COUNT(*) FROM migrations`, database);
  }

  /** As a power cut would. */
  async kill(): Promise<void> {
    if (this.child === undefined || this.child.exitCode !== null || this.child.signalCode !== null)
      return;
    const exited = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await exited;
  }

  private async answers(): Promise<boolean> {
    if (this.child!.exitCode !== null) throw new Error('The server has ended');
    return this.query('SELECT 1').then(
      () => true,
      () => false,
    );
  }
}
