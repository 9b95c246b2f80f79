import { execFile } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { FileGlobals } from '../../kit/database.js';
import { eventually } from '../../kit/eventually.js';
import { freePort } from '../../kit/free-port.js';
import { ClusterServer, urlOfAll } from './server-process.js';

const PROVIDER = '/usr/lib/galera/libgalera_smm.so';
const JOINED_MS_MAX = 60_000;
const WAIT_FOR_OTHERS = 'SET SESSION wsrep_sync_wait = 1';

const run = promisify(execFile);

interface Node {
  readonly server: ClusterServer;
  readonly name: string;
  /** For replication, incremental and whole state transfers. */
  readonly ports: readonly [group: number, incremental: number, whole: number];
}

/** Three nodes of MariaDB Galera on this machine; needs the packages mariadb-server, galera-4 and rsync. */
export class Galera {
  private constructor(private readonly nodes: readonly Node[]) {}

  static async start(): Promise<Galera> {
    const folder = mkdtempSync(join(tmpdir(), 'rowlock-galera-'));
    chmodSync(folder, 0o755);
    ((globalThis as FileGlobals).testFolders ??= []).push(folder);
    const nodes: Node[] = [];
    for (const name of ['n1', 'n2', 'n3']) {
      const server = new ClusterServer(join(folder, name), await freePort(), WAIT_FOR_OTHERS);
      nodes.push({ server, name, ports: [await freePort(), await freePort(), await freePort()] });
      for (const path of [server.folder, join(server.folder, 'tmp'), join(server.folder, 'data')]) {
        mkdirSync(path);
        await giveAway(path);
      }
    }
    const data = `--datadir=${nodes[0]!.server.folder}/data`;
    const options = ['--no-defaults', data, ...identity(), '--skip-test-db'];
    await run('mariadb-install-db', [...options, '--auth-root-authentication-method=normal']);
    const cluster = new Galera(nodes);
    for (const index of nodes.keys()) await cluster.join(index, index === 0);
    return cluster;
  }

  get servers(): readonly ClusterServer[] {
    return this.nodes.map(({ server }) => server);
  }

  urlOfAll(database: string): string {
    return urlOfAll(this.servers, database);
  }

  kill(index: number): Promise<void> {
    return this.nodes[index]!.server.kill();
  }

  /** Starts a node, and waits until it takes part. */
  async join(index: number, isFirst = false): Promise<void> {
    const { server } = this.nodes[index]!;
    await server.start('mariadbd', this.options(index, isFirst));
    await eventually('the node is synced', () => isSynced(server), JOINED_MS_MAX);
  }

  async stop(): Promise<void> {
    await Promise.all(this.servers.map((server) => server.kill()));
  }

  private options(index: number, isFirst: boolean): string[] {
    const { server, name, ports } = this.nodes[index]!;
    const [group, incremental, whole] = ports;
    const peers = this.nodes.map((node) => `127.0.0.1:${node.ports[0]}`).join(',');
    const provider = [
      `gmcast.listen_addr=tcp://127.0.0.1:${group}`,
      `ist.recv_addr=127.0.0.1:${incremental}`,
      'gcache.size=64M',
    ];
    return [
      '--no-defaults',
      ...identity(),
      `--datadir=${server.folder}/data`,
      `--tmpdir=${server.folder}/tmp`,
      `--socket=${server.folder}/s`,
      '--bind-address=127.0.0.1',
      `--port=${server.port}`,
      '--skip-name-resolve',
      '--binlog-format=ROW',
      '--innodb-autoinc-lock-mode=2',
      '--performance-schema=OFF',
      '--innodb-buffer-pool-size=64M',
      '--innodb-log-file-size=48M',
      '--max-connections=300',
      '--innodb-flush-log-at-trx-commit=0',
      '--wsrep-on=ON',
      `--wsrep-provider=${PROVIDER}`,
      '--wsrep-cluster-name=rowlock',
      `--wsrep-cluster-address=gcomm://${isFirst ? '' : peers}`,
      `--wsrep-node-name=${name}`,
      `--wsrep-node-address=127.0.0.1:${group}`,
      '--wsrep-sst-method=rsync',
      `--wsrep-sst-receive-address=127.0.0.1:${whole}`,
      '--wsrep-slave-threads=2',
      `--wsrep-provider-options=${provider.join(';')}`,
    ];
  }
}

async function isSynced(server: ClusterServer): Promise<boolean> {
  const [row] = await server
    .query<{ Value: string }>("SHOW STATUS LIKE 'wsrep_local_state_comment'")
    .catch(() => []);
  return row?.Value === 'Synced';
}

/** If root runs it, rsync's daemon could not write what root owns: the package has a user for it. */
const identity = (): string[] => (process.getuid?.() === 0 ? ['--user=mysql'] : []);

async function giveAway(path: string): Promise<void> {
  if (process.getuid?.() !== 0) return;
  const { stdout } = await run('id', ['-u', 'mysql']);
  chownSync(path, Number(stdout), -1);
}
