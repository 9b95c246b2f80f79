import { useApp, useDatabase } from '../kit/index.js';
import { Organiser } from './support/organiser.js';

/** The other instance remembers the event without the section, and must still find it. */
describe('a section added by another instance', () => {
  const database = useDatabase();
  const [here, there] = [useApp(database), useApp(database)];
  const [one, other] = [new Organiser(here), new Organiser(there)];
  let id: string;

  const listed = async (path: string): Promise<number> => {
    const { body } = await other.get(`${path}eventId=${id}`).expect(200);
    return (body.data as unknown[]).length;
  };

  beforeAll(async () => {
    ({ id } = await one.open({ totalTickets: 1 }));
    await other.book(id, 'ann').expect(201);
    const sections = [{ name: 'Gallery', seats: { rows: ['A'], perRow: 1 } }];
    const added = (await one.patch(id, { sections }).expect(200)).body.sections[1].id as string;
    await one.book(id, 'bob', { sectionId: added }).expect(201);
    await one.book(id, 'cid', { sectionId: added }).expect(201);
  });

  it('appears in the list of bookings', async () => {
    expect(await listed('/v1/bookings?')).toBe(2);
  });

  it('appears in the list of waitlist entries', async () => {
    expect(await listed('/v1/waitlist?')).toBe(1);
  });

  it('appears in the list of seats', async () => {
    const { body } = await other.get(`/v1/events/${id}/seats`).expect(200);
    expect(body.data).toHaveLength(1);
  });

  it('is found by a booking that names it', async () => {
    const { sections } = await other.read(id);
    const wish = { sectionId: sections[1]!.id, onSoldOut: 'refuse' };
    const { body } = await other.book(id, 'dan', wish).expect(409);
    expect(body.code).toBe('sold_out');
  });
});
