import { Api, assertInvariants, ServiceProcess, useDatabase } from '../kit/index.js';
import { eventually } from '../kit/eventually.js';
import { Crowd } from './support/crowd.js';
import { freePort } from '../kit/free-port.js';
import { Nginx } from './support/nginx.js';

const PLACES = 500;
/** How long after SIGKILL a request may still reach the killed instance. */
const WINDOW_MS = 2_000;

jest.setTimeout(60_000);

describe('two instances behind nginx', () => {
  const database = useDatabase();
  const ports: number[] = [];
  let instances: ServiceProcess[] = [];
  let nginx: Nginx;
  let api: Api;

  const start = (port: number): Promise<ServiceProcess> =>
    ServiceProcess.start({
      DATABASE_URL: database.url,
      PORT: String(port),
      TRUST_PROXY: '127.0.0.1',
      SHUTDOWN_IDLE_SECONDS: undefined,
    });

  beforeAll(async () => {
    ports.push(await freePort(), await freePort());
    instances = await Promise.all(ports.map(start));
    nginx = await Nginx.start(ports);
    api = new Api(nginx.url);
  });

  afterAll(async () => {
    api?.close();
    await nginx?.stop();
    await Promise.all(instances.map((instance) => instance.stop()));
  });

  const crowd = async (): Promise<Crowd> => {
    const people = new Crowd(api, await api.open(PLACES));
    people.come();
    return people;
  };

  const busy = async (people: Crowd): Promise<void> => {
    const before = people.acknowledged;
    await eventually('bookings', () => people.acknowledged > before + 200, 10_000);
  };

  const restart = async (index: number): Promise<number> => {
    const asked = performance.now();
    expect(await instances[index]!.stop()).toBe(0);
    const took = performance.now() - asked;
    instances[index] = await start(ports[index]!);
    return took;
  };

  const settle = async (people: Crowd, name: string): Promise<void> => {
    await people.goHome();
    process.stderr.write(`${name}: ${JSON.stringify(people.statuses)}\n`);
    await people.compare(database);
    await assertInvariants(database.url);
    await api.audit(people.eventId);
  };

  it('answer every request while one is restarted by SIGTERM under load', async () => {
    const people = await crowd();
    await busy(people);
    const took = await restart(0);
    await busy(people);
    await settle(people, `one restarted (it took ${Math.round(took)} ms to end)`);
    expect(people.failures).toEqual([]);
  });

  it('answer every request while both are restarted in turn, several times', async () => {
    const people = await crowd();
    for (let round = 0; round < 2; round += 1) {
      for (const index of [0, 1]) {
        await busy(people);
        await restart(index);
      }
    }
    await settle(people, 'rolling');
    expect(people.failures).toEqual([]);
  });

  it('answer 503 for requests of a killed instance, each settled by its key', async () => {
    const people = await crowd();
    await busy(people);
    const killedAt = performance.now();
    await instances[0]!.kill();
    await busy(people);
    instances[0] = await start(ports[0]!);
    await busy(people);
    await settle(people, 'killed');
    expect(people.failures.length).toBeGreaterThan(0);
    for (const { at, status, what } of people.failures) {
      // nginx repeats reads on the other instance.
      expect(what).not.toBe('status');
      expect(status).toBe(503);
      expect(at - killedAt).toBeLessThan(WINDOW_MS);
    }
  });
});
