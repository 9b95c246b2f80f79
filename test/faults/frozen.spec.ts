import { type Answer, assertInvariants, ServiceProcess, useDatabase } from '../kit/index.js';
import { eventually } from '../kit/eventually.js';
import { TcpProxy } from '../kit/tcp-proxy.js';

/** How long an event that a frozen instance has locked may be blocked. */
const BLOCKED_MS_MAX = 15_000;

jest.setTimeout(120_000);

describe('an instance that is frozen in the middle of a transaction', () => {
  const database = useDatabase();
  let proxy: TcpProxy;
  let frozen: ServiceProcess;
  let other: ServiceProcess;

  beforeAll(async () => {
    proxy = await TcpProxy.inFrontOf(database.url);
    [frozen, other] = await Promise.all([
      ServiceProcess.start({ DATABASE_URL: proxy.url }),
      ServiceProcess.start({ DATABASE_URL: database.url }),
    ]);
  });

  afterAll(async () => {
    process.kill(frozen.pid, 'SIGCONT');
    await Promise.all([frozen.stop(), other.stop()]);
    await proxy.close();
    await assertInvariants(database.url);
  });

  it('blocks its event for others for 15 s at most, and does nothing twice afterwards', async () => {
    const eventId = await other.api.open(10);
    const freeze = () => process.kill(frozen.pid, 'SIGSTOP');
    const fault = proxy.stall(/^COMMIT/, { afterwards: freeze });
    const key = { 'Idempotency-Key': 'of-the-frozen-one' };
    const body = { eventId, identifier: 'first@x' };
    const first = frozen.api.post('/book', body, key);
    await eventually('the instance is frozen', () => fault.happened === 1, 10_000);
    const since = performance.now();
    const answers = await bookUntilDone(other, eventId);
    expect(performance.now() - since).toBeLessThan(BLOCKED_MS_MAX);
    expect(answers.slice(0, -1).every(({ body: { code } }) => code === 'lock_timeout')).toBe(true);

    process.kill(frozen.pid, 'SIGCONT');
    const { status } = await first;
    expect([201, 503]).toContain(status);
    expect((await frozen.api.post('/book', body, key)).status).toBe(201);
    expect((await other.api.status(eventId)).body).toMatchObject({ bookedTickets: 2 });
  });
});

/** Books like a client that repeats its request after each 503. */
async function bookUntilDone(service: ServiceProcess, eventId: string): Promise<Answer[]> {
  const answers: Answer[] = [];
  do {
    answers.push(await service.api.book(eventId, 'second@x'));
  } while (answers.at(-1)!.status === 503);
  return answers;
}
