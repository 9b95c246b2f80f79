import { type Answer, ServiceProcess, useDatabase } from '../kit/index.js';
import type { RandomChoices } from './support/random-choices.js';
import { plainIdentifier, respelled, visiblyOther } from './support/spellings.js';
import { Trials } from './support/trials.js';

const EACH = 5;
const PATHS = ['/book', '/v1/bookings', '/v1/holds'];

const trials = new Trials();

const several = <Value>(make: () => Value): Value[] => Array.from({ length: EACH }, make);

describe('an identifier in random spellings', () => {
  const database = useDatabase();
  let service: ServiceProcess;

  beforeAll(async () => {
    service = await ServiceProcess.start({ DATABASE_URL: database.url });
  });
  afterAll(async () => {
    expect(await service.stop()).toBe(0);
  });

  const openForOneEach = async (): Promise<string> => {
    const body = { name: 'Opera', totalTickets: 50, limits: { maxPerPerson: 1 } };
    return (await service.api.post('/v1/events', body)).body.id;
  };
  const take = (random: RandomChoices, eventId: string, identifier: string): Promise<Answer> =>
    service.api.post(random.pick(PATHS), { eventId, identifier });

  /** What was sent, in a form that shows what cannot be seen, and what came back. */
  const told = (identifier: string, { status, body }: Answer): string =>
    `${escaped(identifier)}: ${status} ${body.code ?? 'accepted'}`;

  it('is one person if they differ in what cannot be seen, in case or in form', async () => {
    let refusedAsSame = 0;
    let sent = 0;
    await trials.run(async (random, nth) => {
      const eventId = await openForOneEach();
      const plain = plainIdentifier(random, nth);
      const first = await take(random, eventId, plain);
      expect(told(plain, first)).toBe(`${escaped(plain)}: 201 accepted`);
      for (const spelling of several(() => respelled(random, plain))) {
        const answer = await take(random, eventId, spelling);
        expect([
          `${escaped(spelling)}: 409 limit_exceeded`,
          `${escaped(spelling)}: 400 invalid_request`,
        ]).toContain(told(spelling, answer));
        sent += 1;
        if (answer.status === 409) refusedAsSame += 1;
      }
    });
    // Otherwise this would only test that odd characters are invalid.
    expect(refusedAsSame).toBeGreaterThan(sent * 0.7);
  });

  it('is two people if they differ in what can be seen', async () => {
    await trials.run(async (random, nth) => {
      const eventId = await openForOneEach();
      const plain = plainIdentifier(random, nth);
      const others = several(() => visiblyOther(random, plain)).filter((one) => one !== plain);
      await service.api.book(eventId, plain);
      for (const identifier of new Set(others)) {
        const cancelled = await service.api.cancel(eventId, identifier);
        expect(told(identifier, cancelled)).toMatch(/: 404 /);
        const booked = await take(random, eventId, identifier);
        expect(told(identifier, booked)).toBe(`${escaped(identifier)}: 201 accepted`);
      }
    });
  });
});

const escaped = (text: string): string =>
  text.replaceAll(/[^ -~]/gu, (one) => `\\u{${one.codePointAt(0)!.toString(16)}}`);
