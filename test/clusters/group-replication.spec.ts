import { setTimeout as sleep } from 'node:timers/promises';
import { assertInvariants, ServiceProcess } from '../kit/index.js';
import { script } from '../faults/support/script.js';
import { Crowd } from '../topology/support/crowd.js';
import { GroupReplication } from './support/group-replication.js';
import { inTurns, untilReady } from './support/instances.js';
import { settle } from './support/settle.js';

const PLACES = 200;
const STORM_MS = 6_000;
const BACK_MS_MAX = 25_000;

jest.setTimeout(240_000);

describe.each([
  ['one primary', false],
  ['several primaries', true],
])('Group Replication with %s', (_, isMultiPrimary) => {
  let group: GroupReplication;
  let instances: ServiceProcess[] = [];

  const urlOf = (index: number): string => group.servers[index]!.urlOf('rowlock');
  const start = (index: number) => ServiceProcess.start({ DATABASE_URL: urlOf(index) });

  beforeAll(async () => {
    group = await GroupReplication.start({ isMultiPrimary });
    await group.servers[0]!.query(
      'CREATE DATABASE rowlock CHARACTER SET utf8mb4 COLLATE utf8mb4_bin',
    );
    expect((await script('migrate', ['up'], urlOf(0))).complaint).toBe('');
    await sleep(2_000);
    instances = [await start(0), await start(1)];
  });

  afterAll(async () => {
    await Promise.all(instances.map((instance) => instance.stop()));
    await group?.stop();
  });

  it('is ready only where it can be written, and says what it is', async () => {
    expect(instances[0]!.output).toMatch(/\(Group Replication member [^),]+\)/);
    await untilReady(instances[0]!, true, BACK_MS_MAX);
    await untilReady(instances[1]!, isMultiPrimary, BACK_MS_MAX);
    if (!isMultiPrimary) expect(instances[1]!.output).toContain('READ-ONLY');
  });

  it('loses, oversells and breaks nothing while a member is killed', async () => {
    const writers = isMultiPrimary ? instances : instances.slice(0, 1);
    const api = inTurns(writers);
    const people = [
      new Crowd(api, await instances[0]!.api.open(PLACES)),
      new Crowd(api, await instances[0]!.api.open(PLACES)),
    ];
    for (const crowd of people) crowd.come();
    await sleep(STORM_MS);
    await group.kill(2);
    await sleep(STORM_MS);
    await untilReady(instances[0]!, true, BACK_MS_MAX);
    await settle(people, instances[0]!, group.servers[0]!);
    await assertInvariants(urlOf(0));
  });
});
