import type { ServiceProcess } from '../../kit/index.js';
import type { Crowd } from '../../topology/support/crowd.js';
import type { ClusterServer } from './server-process.js';

/** What clients may be told; 0 stands for a connection that broke. */
const EXPECTED = new Set(['0', '200', '201', '503']);

/** Lets everybody finish, and compares what they were told with the database and its audit. */
export async function settle(
  people: readonly Crowd[],
  service: ServiceProcess,
  server: ClusterServer,
): Promise<void> {
  await Promise.all(people.map((crowd) => crowd.goHome()));
  await server.catchUp('rowlock');
  const query = <Row>(sql: string, parameters: unknown[] = []) =>
    server.query<Row>(sql, 'rowlock', parameters);
  for (const crowd of people) {
    expect(Object.keys(crowd.statuses).filter((status) => !EXPECTED.has(status))).toEqual([]);
    await crowd.compare({ query });
    const { body } = await service.api.get<{ consistent: boolean }>(
      `/v1/events/${crowd.eventId}/audit`,
    );
    expect(body.consistent).toBe(true);
  }
}
