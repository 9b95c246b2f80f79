import { ServiceProcess, useDatabase } from '../kit/index.js';
import type { WireAnswer } from './support/answer-reader.js';
import { bytesOf } from './support/broken-http.js';
import { Client } from './support/client.js';
import type { Header } from './support/draft.js';
import { foreignPage, hostileHosts, ownHost, ownPage } from './support/hostile-pages.js';
import type { RandomChoices } from './support/random-choices.js';
import { Trials } from './support/trials.js';

interface Change {
  readonly method: string;
  readonly path: string;
  readonly body?: object;
}

const trials = new Trials();

describe('open mode', () => {
  const database = useDatabase();
  let service: ServiceProcess;
  let client: Client;
  let changes: readonly Change[];

  beforeAll(async () => {
    service = await ServiceProcess.start({ DATABASE_URL: database.url, AUTH_MODE: 'open' });
    const { hostname, port } = new URL(service.api.baseUrl);
    client = new Client(hostname, Number(port));
    const eventId = await service.api.open(100);
    await service.api.book(eventId, 'ann@x.org');
    const hold = await service.api.post('/v1/holds', { eventId, identifier: 'bob@x.org' });
    changes = [
      { method: 'POST', path: `/v1/events/${eventId}/cancel` },
      { method: 'PATCH', path: `/v1/events/${eventId}`, body: { name: 'Theirs' } },
      { method: 'POST', path: '/initialize', body: { name: 'Theirs', totalTickets: 1 } },
      { method: 'POST', path: '/book', body: { eventId, identifier: 'eve@x.org' } },
      { method: 'POST', path: '/cancel', body: { eventId, identifier: 'ann@x.org' } },
      { method: 'DELETE', path: `/v1/holds/${hold.body.id}` },
      { method: 'POST', path: `/v1/holds/${hold.body.id}/confirm` },
    ];
  });
  afterAll(async () => {
    client.close();
    expect(await service.stop()).toBe(0);
  });

  const send = async (change: Change, more: readonly Header[]): Promise<WireAnswer> => {
    const { method, path: target } = change;
    const body = change.body === undefined ? undefined : Buffer.from(JSON.stringify(change.body));
    const headers: Header[] = [
      ...more,
      ['Content-Type', 'application/json'],
      ['Content-Length', String(body?.length ?? 0)],
    ];
    const bytes = bytesOf({ method, target, headers, body });
    const { answers } = await client.send({ method, bytes, manner: 'listens' });
    expect(answers).toHaveLength(1);
    return answers[0]!;
  };

  const told = (headers: readonly Header[], { status, text }: WireAnswer): string =>
    `${JSON.stringify(headers)}: ${status} ${/"code":"(\w+)"/.exec(text)?.[1] ?? ''}`;

  /** The number of changes that were ever made. */
  const changesMade = async (): Promise<unknown> =>
    database.query('SELECT COUNT(*) AS messages FROM outbox_messages');

  it('lets a page of another origin change nothing', async () => {
    const before = await changesMade();
    await trials.run(async (random) => {
      const host = ownHost(random);
      const headers: Header[] = [['Host', host], ...foreignPage(random)];
      const answer = await send(random.pick(changes), headers);
      expect(told(headers, answer)).toMatch(/: 403 cross_origin_request$/);
    });
    expect(await changesMade()).toEqual(before);
  });

  it('lets nobody change or read anything who came by another name', async () => {
    const before = await changesMade();
    await trials.run(async (random) => {
      const hosts = hostileHosts(random);
      const headers = [...hosts, ...anyPage(random)];
      const request = random.percent(30) ? { method: 'GET', path: '/docs' } : random.pick(changes);
      const answer = await send(request, headers);
      expect(told(headers, answer)).toMatch(
        /: (?:403 (?:host_not_allowed|cross_origin_request)|400 malformed_request)$/,
      );
    });
    expect(await changesMade()).toEqual(before);
  });

  it('looks at the host of the target, too', async () => {
    const before = await changesMade();
    await trials.run(async (random) => {
      const host = ownHost(random);
      const { path, ...change } = random.pick(changes);
      const foreign = `http://${random.pick(['evil.example', 'localhost@evil.example', '10.0.0.6'])}`;
      const headers: Header[] = [['Host', host]];
      const answer = await send({ ...change, path: foreign + path }, headers);
      expect(told(headers, answer)).toMatch(/: 403 host_not_allowed$/);
    });
    expect(await changesMade()).toEqual(before);
  });

  it('serves programs and its own pages', async () => {
    const body = { name: 'Ours', totalTickets: 1 };
    await trials.run(async (random) => {
      const host = ownHost(random);
      const headers: Header[] = [['Host', host], ...ownPage(random, host)];
      const answer = await send({ method: 'POST', path: '/initialize', body }, headers);
      expect(told(headers, answer)).toMatch(/: 201 $/);
    });
  });
});

const anyPage = (random: RandomChoices): Header[] =>
  random.percent(50) ? ownPage(random, ownHost(random)) : foreignPage(random);
