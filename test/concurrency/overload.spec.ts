import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Answer, connectTo, ServiceProcess, useDatabase } from '../kit/index.js';
import { eventually } from '../kit/eventually.js';
import { wallClock } from '../setup/intensity.js';

/**
 * More than can wait for a second: a section is expected to run 4,000 commands a second, and the first 512
 * requests begin before there is a queue.
 */
const FLOOD = 6_000;
const REFUSED_MIN = 1_000;

const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

describe('a service whose bookings may wait for a second', () => {
  const database = useDatabase();
  let service: ServiceProcess;

  beforeAll(async () => {
    service = await ServiceProcess.start({
      DATABASE_URL: database.url,
      LANES: '4',
      QUEUE_SECONDS_MAX: '1',
      RATE_LIMIT_ENABLED: 'false',
    });
  });
  afterAll(() => service.stop());

  const isOverloaded = ({ status, body }: Answer): boolean =>
    status === 503 && body.code === 'overloaded';

  function expectBookedOrRefused(answers: readonly Answer[], codes = /^overloaded$/): void {
    for (const answer of answers) {
      if (answer.status === 201) continue;
      expect(answer).toMatchObject({ status: 503, body: { code: expect.stringMatching(codes) } });
      expect(answer.headers).toMatchObject({
        'retry-after': expect.stringMatching(/^\d+$/),
        'content-type': 'application/problem+json; charset=utf-8',
      });
    }
  }

  async function expectAcknowledgedIsWritten(
    eventId: string,
    answers: readonly Answer[],
  ): Promise<void> {
    const told = answers.flatMap(({ body }) => body.bookingId ?? []);
    const rows = await database.query<{ id: string }>(
      'SELECT id FROM bookings WHERE event_id = ? ORDER BY id',
      [eventId],
    );
    expect(rows.map(({ id }) => id)).toEqual(told.toSorted());
  }

  async function expectFullSpeed(eventId: string): Promise<Answer[]> {
    const answers: Answer[] = [];
    for (const index of range(100)) {
      answers.push(await service.api.book(eventId, `after-${index}@example.org`));
    }
    expect(answers.filter(({ status }) => status !== 201)).toEqual([]);
    return answers;
  }

  const flood = (eventId: string): Promise<Answer>[] =>
    range(FLOOD).map((index) => service.api.book(eventId, `person-${index}@example.org`));

  /** Requests everything that must keep answering, until it is stopped. */
  function watch(eventId: string): () => Promise<number> {
    let isOver = false;
    let looks = 0;
    const watching = (async () => {
      while (!isOver) {
        for (const path of ['/health/live', '/health/ready', '/health', `/status/${eventId}`]) {
          expect((await service.api.send('GET', path)).status).toBe(200);
        }
        looks += 1;
      }
    })();
    return async () => {
      isOver = true;
      await watching;
      return looks;
    };
  }

  const hold = async (eventId: string): Promise<Awaited<ReturnType<typeof connectTo>>> => {
    const holder = await connectTo(database.url);
    await holder.query('START TRANSACTION');
    await holder.query('SELECT 1 FROM sections WHERE event_id = ? FOR UPDATE', [eventId]);
    return holder;
  };

  it('books or refuses each of 6,000 requests, keeps answering reads, and recovers', async () => {
    const eventId = await service.api.open(7_000);
    const stop = watch(eventId);
    const answers = await Promise.all(flood(eventId));
    expect(await stop()).toBeGreaterThan(0);
    expectBookedOrRefused(answers);
    await expectAcknowledgedIsWritten(eventId, answers);
    const after = await expectFullSpeed(eventId);
    await expectAcknowledgedIsWritten(eventId, [...answers, ...after]);
  });

  it('refuses at once those who would wait too long for a locked section', async () => {
    const eventId = await service.api.open(7_000);
    const holder = await hold(eventId);
    const early: Answer[] = [];
    const sent = flood(eventId).map(async (answer) => {
      early.push(await answer);
      return answer;
    });
    const stop = watch(eventId);
    await eventually('the refusals', () => early.length >= REFUSED_MIN, wallClock(10_000));
    // A service that let them all wait would first answer `lock_timeout` to those of the first batch.
    const refused = [...early];
    expect(await stop()).toBeGreaterThan(0);
    await holder.end();

    expect(refused.every(isOverloaded)).toBe(true);
    const answers = await Promise.all(sent);
    // On a slow machine, the batch that waits for the lock may give up before it is released.
    expectBookedOrRefused(answers, /^(?:overloaded|lock_timeout)$/);
    await expectAcknowledgedIsWritten(eventId, answers);
    await expectFullSpeed(eventId);
  });

  /** Two requests on one connection, the second after the response to the first. */
  async function exchange(first: string, second: string): Promise<string> {
    const { hostname, port } = new URL(service.api.baseUrl);
    const socket = connect(Number(port), hostname);
    let received = '';
    socket.on('data', (chunk) => (received += chunk.toString()));
    socket.write(first);
    await once(socket, 'data');
    socket.write(second);
    await once(socket, 'close');
    return received;
  }

  const linesAboutRefusals = (): { readonly refused: number }[] =>
    service.output
      .split('\n')
      .filter((line) => line.includes('"Requests were refused unread"'))
      .map((line) => JSON.parse(line) as { readonly refused: number });

  const valueOf = async (metric: string): Promise<number> => {
    const response = await fetch(`${service.api.baseUrl}/metrics`);
    const text = await response.text();
    const line = text.split('\n').find((each) => each.startsWith(metric));
    return Number(line?.slice(metric.length) ?? 0);
  };

  it('refuses without parsing, and counts and logs these refusals', async () => {
    const eventId = await service.api.open(7_000);
    const other = await service.api.open(10);
    const metric = 'rowlock_lane_refused_commands_total{reason="wait"}';
    const before = await valueOf(metric);
    const logged = linesAboutRefusals().length;
    const holder = await hold(eventId);
    const startedAt = performance.now();
    const refused: Answer[] = [];
    const sent = flood(eventId).map(async (answer) => {
      const { status, ...rest } = await answer;
      if (status === 503) refused.push({ status, ...rest });
    });
    await eventually('the refusals', () => refused.length >= REFUSED_MIN, wallClock(5_000));

    const body = `{"eventId":"${eventId}", no JSON`;
    const received = await exchange(
      `POST /book HTTP/1.1\r\nHost: localhost\r\nX-Request-Id: mine\r\nContent-Length: ${body.length}\r\n` +
        `Content-Type: application/json\r\n\r\n${body}`,
      'GET /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
    );
    expect(received.match(/HTTP\/1\.1 \d{3}/g)).toEqual(['HTTP/1.1 503', 'HTTP/1.1 200']);
    expect(received).toMatch(/"instance":"\/book","code":"overloaded","requestId":"mine"}HTTP/);
    expect((await service.api.book(other, 'ann')).status).toBe(201);
    await holder.end();
    await Promise.all(sent);

    expect(new Set(refused.map(({ headers }) => headers['retry-after'])).size).toBeGreaterThan(1);
    expect((await valueOf(metric)) - before).toBeGreaterThanOrEqual(REFUSED_MIN);
    await eventually('the line in the log', () => linesAboutRefusals().length > logged, 5_000);
    const lines = linesAboutRefusals().slice(logged);
    expect(lines.length).toBeLessThanOrEqual((performance.now() - startedAt) / 1_000 + 1);
    expect(lines[0]!.refused).toBeGreaterThan(10);
  });

  it('books at other events while a section is locked, and refuses only requests for that one', async () => {
    const locked = await service.api.open(1_000);
    const quiet = await Promise.all(range(40).map(() => service.api.open(10)));
    const holder = await hold(locked);
    const refused = [service.api.book(locked, 'first'), service.api.book(locked, 'second')];
    // Without a queue of its own, the locked section delays a quarter of the events until it times out.
    await sleep(500);
    const startedAt = performance.now();
    const elsewhere = await Promise.all(quiet.map((eventId) => service.api.book(eventId, 'ann')));
    expect(elsewhere.filter(({ status }) => status !== 201)).toEqual([]);
    expect(performance.now() - startedAt).toBeLessThan(wallClock(1_000));
    for (const { status, body } of await Promise.all(refused)) {
      expect(status).toBe(503);
      expect(['lock_timeout', 'overloaded']).toContain(body.code);
    }
    await holder.end();
    await expectFullSpeed(locked);
  });
});
