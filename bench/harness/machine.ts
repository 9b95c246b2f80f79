import { spawnSync } from 'node:child_process';
import { closeSync, fdatasyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';
import mysql from 'mysql2/promise';
import { connectTo } from '../../test/kit/connect.js';
import type { Server } from './database.js';
import { ROOT } from './paths.js';
import { median } from './results.js';
import { PASSED_ON } from './server-process.js';

type Facts = readonly (readonly [name: string, value: string])[];

const VARIABLES = [
  'innodb_flush_log_at_trx_commit',
  'log_bin',
  'sync_binlog',
  'innodb_flush_method',
  'innodb_buffer_pool_size',
  'transaction_isolation',
  'tx_isolation',
];

/** What the figures depend on. Whoever compares two reports compares these first. */
export async function describeRun(server: Server, folder: string): Promise<Facts> {
  const [processor] = cpus();
  const settings = PASSED_ON.filter((name) => process.env[name] !== undefined);
  return [
    ['date', new Date().toISOString().slice(0, 16).replace('T', ' ')],
    ['commit', commit()],
    ['processors', `${cpus().length} × ${processor?.model.trim() || process.arch}`],
    ['memory', `${Math.round(totalmem() / 1024 ** 3)} GB`],
    ['load of the machine at the start', loadavg()[0]!.toFixed(2)],
    ['Node', process.version],
    ['flush of 4 kB to the disk, median', `${flushMs(folder).toFixed(2)} ms`],
    ...(await describeServer(server)),
    ['settings of the service', settings.map((name) => `${name}=${process.env[name]}`).join(' ')],
  ].map(([name, value]) => [name!, value === '' ? 'as shipped' : value!] as const);
}

async function describeServer(server: Server): Promise<[string, string][]> {
  const connection = await connectTo(server.url);
  const [[version]] = await connection.query<mysql.RowDataPacket[]>('SELECT VERSION() AS version');
  const [rows] = await connection.query<mysql.RowDataPacket[]>(
    'SHOW GLOBAL VARIABLES WHERE Variable_name IN (?)',
    [VARIABLES],
  );
  await connection.end();
  const variables = rows.map((row) => `${row['Variable_name']}=${row['Value']}`);
  return [
    ['database', `${server.description} (${String(version?.['version'])})`],
    ['its settings', variables.join(' ')],
  ];
}

const commit = (): string =>
  spawnSync('git', ['describe', '--always', '--dirty'], {
    cwd: ROOT,
    encoding: 'utf8',
  }).stdout?.trim() || 'unknown';

/** One transaction cannot take less than this: the ceiling of all that commit one by one. */
function flushMs(folder: string): number {
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
