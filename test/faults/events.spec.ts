import { assertInvariants, ServiceProcess, useDatabase } from '../kit/index.js';
import { eventually } from '../kit/eventually.js';
import { fullRunIt, inFullRun, intensity } from '../setup/intensity.js';

const PARTY = 1_000;
const PARTIES = intensity('EVENT_GROUPS');
const FULL = PARTIES * PARTY;
const FINISHED_MS_MAX = 20_000;

const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

interface Section {
  readonly capacity: number;
  readonly booked: number;
  readonly waiting: number;
}

describe('kill -9 of the instance that changes an event', () => {
  const database = useDatabase();
  let service: ServiceProcess;

  const start = (): Promise<ServiceProcess> => ServiceProcess.start({ DATABASE_URL: database.url });

  beforeEach(async () => {
    service = await start();
  });

  const sectionOf = async (eventId: string): Promise<Section> => {
    const [section] = await database.query<Section>(
      'SELECT capacity, booked, waiting FROM sections WHERE event_id = ?',
      [eventId],
    );
    return section!;
  };

  /** @param places groups that find places; the others wait */
  async function festival(places: number, waiting: number): Promise<string> {
    const eventId = await service.api.open(places * PARTY);
    for (const nth of range(places + waiting)) {
      const booked = await service.api.book(eventId, `party-${nth}`, { quantity: PARTY });
      expect(booked.status).toBe(201);
    }
    return eventId;
  }

  /** Sends a request and kills the instance as soon as the first rows have changed. */
  async function killOver(
    request: (api: ServiceProcess['api']) => Promise<unknown>,
    hasBegun: () => Promise<boolean>,
  ): Promise<void> {
    const answer = request(service.api).then(
      () => 'answered',
      () => 'broken off',
    );
    await eventually('the first steps', hasBegun);
    await service.kill();
    expect(await answer).toBe('broken off');
  }

  const finishers = [
    ['an instance that starts afterwards', false],
    ['another running instance', true],
  ] as const;

  describe.each(inFullRun(finishers))('finished by %s', (_, runsAlready) => {
    fullRunIt('cancels a large event completely', async () => {
      const eventId = await festival(PARTIES, 3);
      const other = runsAlready ? await start() : undefined;
      await killOver(
        (api) => api.post(`/v1/events/${eventId}/cancel`),
        async () => (await sectionOf(eventId)).booked < FULL,
      );
      const { booked } = await sectionOf(eventId);
      expect(booked).toBeGreaterThan(0);
      const next = other ?? (await start());
      const refused = await next.api.book(eventId, 'late');
      expect(refused.body.code).toBe('event_not_on_sale');
      const isVoided = async (): Promise<boolean> => {
        const [event] = await database.query<{ ending: number }>(
          'SELECT is_ending AS ending FROM events WHERE id = ?',
          [eventId],
        );
        return event!.ending === 0;
      };
      await eventually('the end of all bookings and waitlist entries', isVoided, FINISHED_MS_MAX);
      expect(await sectionOf(eventId)).toEqual({ capacity: FULL, booked: 0, waiting: 0 });
      process.stdout.write(`\nKilled with ${booked} of ${FULL} tickets left to cancel\n`);
      await assertInvariants(database.url);
      await next.api.audit(eventId);
      await next.stop();
    });

    it('raises the capacity completely while thousands wait', async () => {
      const eventId = await festival(1, PARTIES - 1);
      const other = runsAlready ? await start() : undefined;
      await killOver(
        (api) => api.patch(`/v1/events/${eventId}`, { totalTickets: FULL }),
        async () => (await sectionOf(eventId)).capacity > PARTY,
      );
      const { capacity } = await sectionOf(eventId);
      expect(capacity).toBeLessThan(FULL);
      const next = other ?? (await start());
      const isRaised = async () => (await sectionOf(eventId)).waiting === 0;
      await eventually('the complete raise', isRaised, FINISHED_MS_MAX);
      expect(await sectionOf(eventId)).toEqual({ capacity: FULL, booked: FULL, waiting: 0 });
      process.stdout.write(`\nKilled with ${capacity} of ${FULL} places added\n`);
      await assertInvariants(database.url);
      await next.api.audit(eventId);
      await next.stop();
    });
  });
});
