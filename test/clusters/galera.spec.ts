import { setTimeout as sleep } from 'node:timers/promises';
import { assertInvariants, ServiceProcess } from '../kit/index.js';
import { script } from '../faults/support/script.js';
import { Crowd } from '../topology/support/crowd.js';
import { Galera } from './support/galera.js';
import { inTurns, untilReady } from './support/instances.js';
import { settle } from './support/settle.js';

const EVENTS = 3;
const PLACES = 200;
const STORM_MS = 8_000;
/** Galera takes about six seconds to give up a lost node. */
const BACK_MS_MAX = 25_000;

jest.setTimeout(240_000);

describe('two instances on two nodes of Galera', () => {
  let galera: Galera;
  let instances: ServiceProcess[] = [];

  const urlOf = (index: number): string => galera.servers[index]!.urlOf('rowlock');
  beforeAll(async () => {
    galera = await Galera.start();
    await galera.servers[0]!.query(
      'CREATE DATABASE rowlock CHARACTER SET utf8mb4 COLLATE utf8mb4_bin',
    );
    const migrated = await script('migrate', ['up'], urlOf(0));
    expect(migrated.complaint + migrated.out).toContain('ran ');
    instances = [
      await ServiceProcess.start({ DATABASE_URL: urlOf(0) }),
      await ServiceProcess.start({ DATABASE_URL: urlOf(1) }),
    ];
  });

  afterAll(async () => {
    await Promise.all(instances.map((instance) => instance.stop()));
    await galera?.stop();
  });

  const crowds = async (): Promise<Crowd[]> => {
    const api = inTurns(instances);
    const people: Crowd[] = [];
    for (let index = 0; index < EVENTS; index += 1) {
      people.push(new Crowd(api, await instances[0]!.api.open(PLACES)));
    }
    for (const crowd of people) crowd.come();
    return people;
  };

  const check = async (people: readonly Crowd[]): Promise<void> => {
    await settle(people, instances[0]!, galera.servers[0]!);
    await assertInvariants(urlOf(0));
  };

  it('lose, oversell and break nothing while both nodes write', async () => {
    const people = await crowds();
    await sleep(STORM_MS);
    await check(people);
    expect(people.every((crowd) => crowd.acknowledged > 0)).toBe(true);
  });

  it('do so while a node is killed and comes back, and are ready again by themselves', async () => {
    const people = await crowds();
    await sleep(STORM_MS / 4);
    await galera.kill(1);
    const [, stalled] = await Promise.all([
      untilReady(instances[1]!, false, BACK_MS_MAX),
      untilReady(instances[0]!, false, BACK_MS_MAX).then(() =>
        untilReady(instances[0]!, true, BACK_MS_MAX),
      ),
    ]);
    expect(stalled).toBeLessThan(BACK_MS_MAX);
    await galera.join(1);
    expect(await untilReady(instances[1]!, true, BACK_MS_MAX)).toBeLessThan(BACK_MS_MAX);
    await sleep(STORM_MS / 4);
    await check(people);
  });

  it('are not ready on a node that has lost its cluster', async () => {
    await galera.kill(1);
    await galera.kill(2);
    await untilReady(instances[0]!, false, BACK_MS_MAX);
    await sleep(8_000);
    expect((await instances[0]!.api.get('/health/ready')).status).toBe(503);
    await galera.servers[0]!.query("SET GLOBAL wsrep_provider_options = 'pc.bootstrap=1'");
    await untilReady(instances[0]!, true, BACK_MS_MAX);
  });
});
