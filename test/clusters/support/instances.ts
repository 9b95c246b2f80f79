import { type Answer, type Api, ServiceProcess } from '../../kit/index.js';

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
export async function untilReady(
  service: ServiceProcess,
  isReady: boolean,
  msMax: number,
): Promise<number> {
  const since = performance.now();
  const wanted = isReady ? 200 : 503;
  while ((await service.api.get('/health/ready')).status !== wanted) {
    if (performance.now() - since > msMax) throw new Error(`Not ${wanted} within ${msMax} ms`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return performance.now() - since;
}
