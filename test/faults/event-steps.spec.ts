import {
  COMMIT,
  CUTS,
  type EventBody,
  useServiceBehindProxy,
} from './support/service-behind-proxy.js';

const PARTY = 1_000;
const PARTIES = 12;

describe.each(CUTS)('a change of an event in many steps, with a COMMIT cut off %s', (_, cut) => {
  const parts = useServiceBehindProxy();

  /** Groups that find no places wait. */
  async function festival(totalTickets: number): Promise<string> {
    const id = await parts.open({ totalTickets });
    for (let nth = 0; nth < PARTIES; nth += 1) {
      expect((await parts.service.api.book(id, `party-${nth}`, { quantity: PARTY })).status).toBe(
        201,
      );
    }
    return id;
  }

  it.each([
    ['a step', 1],
    ['the last step', 2],
  ])('raises the capacity in full, cut off at %s', async (__, skip) => {
    const id = await festival(PARTY);
    const fault = cut(parts.proxy, COMMIT, { skip });
    const whole = { totalTickets: PARTIES * PARTY };
    const { body } = await parts.service.api.patch<EventBody>(`/v1/events/${id}`, whole);
    expect(fault.happened).toBe(1);
    const bookedTickets = PARTIES * PARTY;
    expect(body).toMatchObject({ ...whole, bookedTickets, waitingListCount: 0 });
  });

  it.each([
    ['a chunk', 1],
    ['the last chunk', 3],
    ['the check that found nothing more', 4],
    ['the record of the completion', 5],
  ])('cancels everything, cut off at %s', async (__, skip) => {
    const id = await festival(PARTIES * PARTY);
    const fault = cut(parts.proxy, COMMIT, { skip });
    const { body } = await parts.service.api.post<EventBody>(`/v1/events/${id}/cancel`);
    expect(fault.happened).toBe(1);
    expect(body).toMatchObject({ status: 'CANCELLED', bookedTickets: 0 });
    const ending = 'SELECT id FROM events WHERE id = ? AND is_ending = 1';
    expect(await parts.database.query(ending, [id])).toEqual([]);
  });
});
