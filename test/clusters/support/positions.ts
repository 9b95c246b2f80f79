import type { ServiceProcess } from '../../kit/index.js';
import type { Crowd } from '../../topology/support/crowd.js';
import type { ClusterServer } from './server-process.js';

const SAMPLES = 20;

interface Entry {
  readonly id: string;
  readonly position: number | string;
}

/** The API tells people the positions that they have in the database. */
export async function assertPositions(
  service: ServiceProcess,
  server: ClusterServer,
  people: readonly Crowd[],
): Promise<void> {
  for (const { eventId } of people) {
    const entries = await server.query<Entry>(
      `SELECT id, ROW_NUMBER() OVER (ORDER BY seq) AS position FROM waitlist_entries
        WHERE event_id = ? AND status = 'WAITING'`,
      'rowlock',
      [eventId],
    );
    const step = Math.max(1, Math.floor(entries.length / SAMPLES));
    const sample = entries.filter((_, index) => index % step === 0);
    const told: Entry[] = [];
    for (const { id } of sample) {
      const { body } = await service.api.get<Entry>(`/v1/waitlist/${id}`);
      told.push({ id: body.id, position: Number(body.position) });
    }
    expect(told).toEqual(sample.map(({ id, position }) => ({ id, position: Number(position) })));
  }
}
