import type { Response } from 'supertest';
import type { EventResponse } from '../../src/events/dto/event.dto.js';
import { useApp, useDatabase } from '../kit/index.js';
import { recordStatements } from '../kit/statements.js';
import { Organiser } from './support/organiser.js';

interface Part {
  readonly data: readonly EventResponse[];
  readonly nextCursor: string | null;
  readonly hasMore: boolean;
}

const day = (number: number): string => `2030-01-${String(number).padStart(2, '0')}T20:00:00.000Z`;

describe('GET /v1/events', () => {
  const database = useDatabase();
  const app = useApp(database);
  const organiser = new Organiser(app);
  const opened: EventResponse[] = [];

  /** Follows the cursors to the end. The database contains only the events of this file. */
  async function walk(query: string): Promise<{ names: string[]; parts: number }> {
    const names: string[] = [];
    let path: string | undefined = `/v1/events?${query}`;
    let parts = 0;
    while (path !== undefined) {
      const answer: Response = await organiser.get(path).expect(200);
      const { data, nextCursor, hasMore } = answer.body as Part;
      names.push(...data.map(({ name }) => name));
      parts += 1;
      expect(nextCursor !== null).toBe(hasMore);
      const link: string | undefined = answer.headers['link'];
      expect(link !== undefined).toBe(hasMore);
      path = /^<([^>]+)>; rel="next"$/.exec(link ?? '')?.[1];
      if (path !== undefined) {
        expect(new URL(path, 'http://localhost').searchParams.get('cursor')).toBe(nextCursor);
      }
    }
    return { names, parts };
  }

  const namesOf = (events: readonly EventResponse[]): string[] => events.map(({ name }) => name);

  const newestFirst = (events: readonly EventResponse[]): EventResponse[] =>
    [...events].sort((a, b) => (a.id < b.id ? 1 : -1));

  beforeAll(async () => {
    // 23 events: every third is a draft, every second has a startsAt, which five of them share.
    for (let nth = 0; nth < 23; nth += 1) {
      const startsAt = nth % 2 === 0 ? { startsAt: day(nth < 10 ? 9 : nth + 1) } : {};
      const status = nth % 3 === 0 ? 'DRAFT' : 'PUBLISHED';
      opened.push(await organiser.open({ name: `Event ${nth}`, status, ...startsAt }));
    }
    await organiser.post(`/v1/events/${opened[1]!.id}/cancel`).expect(200);
    await organiser.post(`/v1/events/${opened[2]!.id}/cancel`).expect(200);
  });

  it('lists all events, newest first, each as GET /v1/events/:id shows it', async () => {
    const { body } = await organiser.get('/v1/events').expect(200);
    const { data, nextCursor, hasMore } = body as Part;
    expect({ nextCursor, hasMore }).toEqual({ nextCursor: null, hasMore: false });
    expect(namesOf(data)).toEqual(namesOf(newestFirst(opened)));
    for (const event of data.slice(0, 3)) expect(event).toEqual(await organiser.read(event.id));
  });

  it.each([1, 2, 7, 22, 23, 24, 100])('lists each event once in pages of %i', async (limit) => {
    const { names, parts } = await walk(`limit=${limit}`);
    expect(names).toEqual(namesOf(newestFirst(opened)));
    expect(parts).toBe(Math.ceil(opened.length / limit));
  });

  it('lists each event once even if another is created meanwhile', async () => {
    const first = await organiser.get('/v1/events?limit=10').expect(200);
    const { data, nextCursor } = first.body as Part;
    const late = await organiser.open({ name: 'Late', status: 'DRAFT' });
    const { names } = await walk(`limit=10&cursor=${nextCursor}`);
    expect([...namesOf(data), ...names]).toEqual(namesOf(newestFirst(opened)));
    opened.push(late);
  });

  it.each(['DRAFT', 'PUBLISHED', 'CANCELLED'])(
    'lists only events with the status %s',
    async (status) => {
      const wanted = newestFirst(opened).filter(({ id, status: before }) => {
        const isCancelled = [opened[1]!.id, opened[2]!.id].includes(id);
        return status === 'CANCELLED' ? isCancelled : before === status && !isCancelled;
      });
      expect((await walk(`status=${status}`)).names).toEqual(namesOf(wanted));
      expect((await walk(`status=${status}&limit=3`)).names).toEqual(namesOf(wanted));
    },
  );

  describe('filtered by startsAt', () => {
    const byStart = (events: readonly EventResponse[]): EventResponse[] => {
      const key = ({ startsAt, id }: EventResponse): string => `${startsAt} ${id}`;
      return events
        .filter(({ startsAt }) => startsAt !== null)
        .sort((a, b) => (key(a) < key(b) ? -1 : 1));
    };

    it.each([1, 3, 5, 100])(
      'lists each event once, earliest first, in pages of %i',
      async (limit) => {
        const { names } = await walk(`startsFrom=${day(1)}&limit=${limit}`);
        expect(names).toEqual(namesOf(byStart(opened)));
      },
    );

    it('includes startsFrom and excludes startsTo', async () => {
      const wanted = byStart(opened).filter(
        ({ startsAt }) => startsAt! >= day(9) && startsAt! < day(15),
      );
      const { names } = await walk(`startsFrom=${day(9)}&startsTo=${day(15)}`);
      expect(names).toEqual(namesOf(wanted));
      expect(wanted.length).toBeGreaterThan(5);
    });

    it('combines a startsTo in another time zone with a status', async () => {
      const to = encodeURIComponent('2030-01-16T01:00:00+05:00');
      const wanted = byStart(opened)
        .filter(({ startsAt }) => startsAt! < day(15))
        .filter(({ status, id }) => status === 'PUBLISHED' && id !== opened[2]!.id);
      const { names } = await walk(`startsTo=${to}&status=PUBLISHED&limit=2`);
      expect(names).toEqual(namesOf(wanted));
    });

    it('returns an empty list if no event starts in the range', async () => {
      expect((await walk(`startsFrom=${day(20)}&startsTo=${day(10)}`)).names).toEqual([]);
    });
  });

  describe('refuses with 400', () => {
    const cursorOf = (keys: unknown): string =>
      Buffer.from(JSON.stringify(keys)).toString('base64url');
    const start = `startsFrom=${day(1)}`;

    it.each<[string, string, string]>([
      ['a limit of 0', 'limit=0', '/limit'],
      ['a limit of 101', 'limit=101', '/limit'],
      ['a limit that is no number', 'limit=some', '/limit'],
      ['two limits', 'limit=1&limit=2', '/limit'],
      ['an unknown status', 'status=OPEN', '/status'],
      ['a time without a zone', 'startsFrom=2030-01-01T00:00:00', '/startsFrom'],
      ['a day that does not exist', 'startsTo=2030-02-29T00:00:00Z', '/startsTo'],
      ['a malformed cursor', 'cursor=x', '/cursor'],
      ['the cursor of another list', `cursor=${cursorOf(['a', 'b'])}`, '/cursor'],
      ['a cursor without a time', `${start}&cursor=${cursorOf(['x', 'y'])}`, '/cursor'],
      [
        'a cursor with a time beyond the range of the database',
        `${start}&cursor=${cursorOf(['+275760-09-13T00:00:00.000Z', 'x'])}`,
        '/cursor',
      ],
      [
        'a cursor with a negative year',
        `${start}&cursor=${cursorOf(['-000001-01-01T00:00:00.000Z', 'x'])}`,
        '/cursor',
      ],
      ['a page number', 'page=2', '/page'],
    ])('%s', async (_, query, pointer) => {
      const { body } = await organiser.get(`/v1/events?${query}`).expect(400);
      expect(body).toMatchObject({ code: 'invalid_request', errors: [{ pointer }] });
    });
  });

  it.each(['startsFrom', 'startsTo'])('a + in %s: the message names %%2B', async (name) => {
    const time = '2030-01-01T00:00:00+02:00';
    const { body } = await organiser.get(`/v1/events?${name}=${time}`).expect(400);
    expect(body).toMatchObject({ errors: [{ message: expect.stringContaining('%2B') as string }] });
    await organiser.get(`/v1/events?${name}=${time.replace('+', '%2B')}`).expect(200);
  });

  it('sends two statements, however many events it lists', async () => {
    const sent = await recordStatements(app.nest);
    for (const limit of [1, 20]) {
      const { body } = await organiser.get(`/v1/events?limit=${limit}`).expect(200);
      expect(body.data).toHaveLength(limit);
    }
    const perRequest = sent.length / (process.env['TEST_INSTANCES'] === '2' ? 1 : 2);
    expect(perRequest).toBe(2);
  });
});
