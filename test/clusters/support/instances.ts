import { type Answer, type Api, ServiceProcess } from '../../kit/index.js';

const POLL_MS = 100;

/** A killed node takes its share of the commits in progress with it, or holds them up, only after a moment. */
const EFFECT_MS = 1_000;

/** Sends each request to the next of several instances, as a balancer would. */
export function inTurns(instances: readonly ServiceProcess[]): Pick<Api, 'post' | 'status'> {
  let next = 0;
  const api = (): Api => {
    next += 1;
    return instances[next % instances.length]!.api;
  };
  return {
    post: (path, body, headers) => api().post(path, body, headers),
    status: (eventId: string): Promise<Answer> => api().status(eventId),
  };
}

/** The time until the instance is ready, or is not. */
export function untilReady(
  service: ServiceProcess,
  isReady: boolean,
  msMax: number,
): Promise<number> {
  const wanted = isReady ? 200 : 503;
  return until(`/health/ready is ${wanted}`, msMax, async () => {
    return (await service.api.get('/health/ready')).status === wanted;
  });
}

/** The time until every instance books again, after a node was killed just now. */
export async function untilBooked(
  instances: readonly ServiceProcess[],
  eventId: string,
  msMax: number,
): Promise<number> {
  await pause(EFFECT_MS);
  const times = await Promise.all(
    instances.map(({ api }, index) => {
      let asked = 0;
      return until('a booking', msMax - EFFECT_MS, async () => {
        asked += 1;
        const person = `probe-${index}-${asked}@example.org`;
        return (await api.post('/book', { eventId, identifier: person })).status === 201;
      });
    }),
  );
  return EFFECT_MS + Math.max(...times);
}

async function until(what: string, msMax: number, isSo: () => Promise<boolean>): Promise<number> {
  const since = performance.now();
  while (!(await isSo())) {
    if (performance.now() - since > msMax) throw new Error(`Not within ${msMax} ms: ${what}`);
    await pause(POLL_MS);
  }
  return performance.now() - since;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
