import { spawnSync } from 'node:child_process';
import { closeSync, fdatasyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';
import mysql from 'mysql2/promise';
import { connectTo } from '../../test/kit/connect.js';
import type { Server } from './database.js';
import { ROOT } from './paths.js';
import { median } from './results.js';
import { FORWARDED_VARIABLES } from './server-process.js';

const VARIABLES = [
  'innodb_flush_log_at_trx_commit',
  'log_bin',
  'sync_binlog',
  'innodb_flush_method',
  'innodb_buffer_pool_size',
  'transaction_isolation',
  'tx_isolation',
];

/** The facts that figures depend on: before comparing two reports, compare these. */
export async function describeRun(server: Server, folder: string): Promise<Record<string, string>> {
  const [processor] = cpus();
  const settings = FORWARDED_VARIABLES.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [`${name}=${value}`];
  });
  return {
    date: new Date().toISOString().slice(0, 16).replace('T', ' '),
    commit: commit(),
    processors: `${cpus().length} × ${processor?.model.trim() || process.arch}`,
    memory: `${Math.round(totalmem() / 1024 ** 3)} GB`,
    'load average at the start': loadavg()[0]!.toFixed(2),
    Node: process.version,
    'median flush of 4 kB to disk': `${medianFlushMs(folder).toFixed(2)} ms`,
    ...(await describeServer(server)),
    'settings of the service': settings.join(' ') || 'as shipped',
  };
}

async function describeServer(server: Server): Promise<Record<string, string>> {
  const connection = await connectTo(server.url);
  const [[version]] = await connection.query<mysql.RowDataPacket[]>('SELECT VERSION() AS version');
  const [rows] = await connection.query<mysql.RowDataPacket[]>(
    'SHOW GLOBAL VARIABLES WHERE Variable_name IN (?)',
    [VARIABLES],
  );
  await connection.end();
  const variables = rows.map((row) => `${row['Variable_name']}=${row['Value']}`);
  return {
    database: `${server.description} (${String(version?.['version'])})`,
    'database settings': variables.join(' '),
  };
}

const commit = (): string =>
  spawnSync('git', ['describe', '--always', '--dirty'], {
    cwd: ROOT,
    encoding: 'utf8',
  }).stdout?.trim() || 'unknown';

/** No commit is faster than a flush, so this bounds every strategy that commits one by one. */
function medianFlushMs(folder: string): number {
  const file = join(folder, 'flush');
  const descriptor = openSync(file, 'w');
  const block = Buffer.alloc(4096, 1);
  const times = Array.from({ length: 100 }, () => {
    const startedAt = performance.now();
    writeSync(descriptor, block);
    fdatasyncSync(descriptor);
    return performance.now() - startedAt;
  });
  closeSync(descriptor);
  rmSync(file);
  return median(times);
}
