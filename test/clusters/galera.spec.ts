import { setTimeout as sleep } from 'node:timers/promises';
import { ServiceProcess } from '../kit/index.js';
import { script } from '../faults/support/script.js';
import { Galera } from './support/galera.js';
import { HaProxy } from './support/haproxy.js';
import { untilReady } from './support/instances.js';
import { longFormIt } from './support/long-form.js';
import { BACK_MS_MAX, storm } from './support/storm.js';

jest.setTimeout(300_000);

describe('Galera', () => {
  let galera: Galera;
  let instances: ServiceProcess[] = [];

  const urlOf = (index: number): string => galera.servers[index]!.urlOf('rowlock');
  const start = async (...urls: string[]): Promise<void> => {
    await Promise.all(instances.map((instance) => instance.stop()));
    instances = [];
    for (const DATABASE_URL of urls) instances.push(await ServiceProcess.start({ DATABASE_URL }));
  };

  beforeAll(async () => {
    galera = await Galera.start();
    await galera.servers[0]!.query(
      'CREATE DATABASE rowlock CHARACTER SET utf8mb4 COLLATE utf8mb4_bin',
    );
    const migrated = await script('migrate', ['up'], urlOf(0));
    expect(migrated.complaint + migrated.out).toContain('ran ');
  });

  afterAll(async () => {
    await Promise.all(instances.map((instance) => instance.stop()));
    await galera?.stop();
  });

  longFormIt('loses, oversells and breaks nothing while two nodes are written', async () => {
    await start(urlOf(0), urlOf(1));
    await storm({ name: 'Galera, two nodes', instances, server: galera.servers[0]! });
  });

  it('loses, oversells and breaks nothing while one of two written nodes is killed and comes back', async () => {
    await start(urlOf(0), urlOf(1));
    const survivors = instances.slice(0, 1);
    await storm(
      { name: 'Galera, two nodes, one killed', instances, server: galera.servers[0]! },
      { kill: () => galera.kill(1), survivors, bringBack: () => galera.join(1) },
    );
    expect(await untilReady(instances[1]!, true, BACK_MS_MAX)).toBeLessThan(BACK_MS_MAX);
  });

  longFormIt(
    'does so with several hosts in DATABASE_URL while the one in use is killed',
    async () => {
      const url = galera.urlOfAll('rowlock');
      await start(url, url);
      await storm(
        { name: 'Galera, several hosts', instances, server: galera.servers[2]! },
        { kill: () => galera.kill(0), survivors: instances, bringBack: () => galera.join(0) },
      );
      for (const { api, output } of instances) {
        const { body } = await api.get<{ databaseHost: string }>('/health/ready');
        expect(body.databaseHost).toMatch(/^127\.0\.0\.1:\d+$/);
        expect(body.databaseHost).not.toBe(`127.0.0.1:${galera.servers[0]!.port}`);
        expect(output).toContain('Using another database host');
      }
    },
  );

  it('does so behind HAProxy while the active node is killed', async () => {
    const proxy = await HaProxy.start('galera.cfg', galera.servers);
    await start(proxy.urlOf('rowlock'), proxy.urlOf('rowlock'));
    await storm(
      { name: 'Galera, HAProxy', instances, server: galera.servers[2]! },
      { kill: () => galera.kill(0), survivors: instances, bringBack: () => galera.join(0) },
    );
    await proxy.stop();
  });

  it('is not ready on a node that has lost its cluster', async () => {
    await start(urlOf(0));
    await galera.kill(1);
    await galera.kill(2);
    await untilReady(instances[0]!, false, BACK_MS_MAX);
    await sleep(8_000);
    expect((await instances[0]!.api.get('/health/ready')).status).toBe(503);
    await galera.servers[0]!.query("SET GLOBAL wsrep_provider_options = 'pc.bootstrap=1'");
    await untilReady(instances[0]!, true, BACK_MS_MAX);
  });
});
