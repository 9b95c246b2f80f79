import { setTimeout as sleep } from 'node:timers/promises';
import { ServiceProcess } from '../kit/index.js';
import { script } from '../faults/support/script.js';
import { GroupReplication } from './support/group-replication.js';
import { HaProxy } from './support/haproxy.js';
import { untilReady } from './support/instances.js';
import { longFormIt } from './support/long-form.js';
import { BACK_MS_MAX, storm } from './support/storm.js';

jest.setTimeout(300_000);

describe.each([
  ['one primary', false],
  ['several primaries', true],
])('Group Replication with %s', (kind, isMultiPrimary) => {
  let group: GroupReplication;
  let instances: ServiceProcess[] = [];

  const urlOf = (index: number): string => group.servers[index]!.urlOf('rowlock');
  const start = async (...urls: string[]): Promise<void> => {
    await Promise.all(instances.map((instance) => instance.stop()));
    instances = [];
    for (const DATABASE_URL of urls) instances.push(await ServiceProcess.start({ DATABASE_URL }));
  };
  /** Kills the member, and compares everything with another. */
  const stormWithout = (index: number, name: string): Promise<void> =>
    storm(
      {
        name: `Group Replication, ${kind}, ${name}`,
        instances,
        server: group.servers[(index + 2) % 3]!,
      },
      {
        kill: () => group.kill(index),
        survivors: instances,
        bringBack: () => group.restart(index),
      },
    );

  beforeAll(async () => {
    group = await GroupReplication.start({ isMultiPrimary });
    await group.servers[0]!.query(
      'CREATE DATABASE rowlock CHARACTER SET utf8mb4 COLLATE utf8mb4_bin',
    );
    expect((await script('migrate', ['up'], urlOf(0))).complaint).toBe('');
    await sleep(2_000);
  });

  afterAll(async () => {
    await Promise.all(instances.map((instance) => instance.stop()));
    await group?.stop();
  });

  it('is ready only where it can be written, and says what it is', async () => {
    await start(urlOf(0), urlOf(1));
    expect(instances[0]!.output).toMatch(/\(Group Replication member [^),]+\)/);
    await untilReady(instances[0]!, true, BACK_MS_MAX);
    await untilReady(instances[1]!, isMultiPrimary, BACK_MS_MAX);
    if (!isMultiPrimary) expect(instances[1]!.output).toContain('READ-ONLY');
  });

  it('loses, oversells and breaks nothing while a primary is killed and comes back', async () => {
    // With several primaries, each instance writes another one first.
    await start(group.urlOfAll('rowlock'), group.urlOfAll('rowlock', isMultiPrimary ? 1 : 0));
    await stormWithout(0, 'several hosts');
    const { body } = await instances[0]!.api.get<{ databaseHost: string }>('/health/ready');
    expect(body.databaseHost).not.toBe(`127.0.0.1:${group.servers[0]!.port}`);
    expect(instances[0]!.output).toContain('Using another database host');
  });

  longFormIt('does so behind HAProxy', async () => {
    const proxy = await HaProxy.start('group-replication.cfg', group.servers);
    await start(proxy.urlOf('rowlock'), proxy.urlOf('rowlock'));
    await stormWithout(await group.primary(), 'HAProxy');
    await proxy.stop();
  });

  it('does not use a member that takes no part in its group, although it can be written', async () => {
    await group.leave(1);
    await start(group.urlOfAll('rowlock', 1));
    await untilReady(instances[0]!, true, BACK_MS_MAX);
    const { body } = await instances[0]!.api.get<{ databaseHost: string }>('/health/ready');
    expect(body.databaseHost).not.toBe(`127.0.0.1:${group.servers[1]!.port}`);
  });
});
