import { setTimeout as sleep } from 'node:timers/promises';
import { type Answer, ServiceProcess, useDatabase } from '../kit/index.js';
import { RedisProcess } from '../kit/redis.js';
import { eventually } from '../kit/eventually.js';
import { wallClock } from '../setup/intensity.js';

const LIMIT = 40;
const ATTEMPTS = 6;
/** Longer than instances take to share their counts. */
const HEARD_MS = 400;
/** Far less than the time-out for Redis: no request waits for it. */
const ANSWER_MS_MAX = 500;

jest.setTimeout(180_000);

describe('two instances that share rate limits through Redis', () => {
  const database = useDatabase();
  let redis: RedisProcess;
  let services: readonly ServiceProcess[];

  beforeAll(async () => {
    redis = await RedisProcess.start();
    const settings = {
      DATABASE_URL: database.url,
      REDIS_URL: redis.url,
      TRUST_PROXY: 'loopback',
      LOG_LEVEL: 'info',
      RATE_LIMIT_ENABLED: 'true',
      RATE_LIMIT_WINDOW_SECONDS: '120',
      RATE_LIMIT_READS_PER_ADDRESS: String(LIMIT),
      RATE_LIMIT_ATTEMPTS_PER_PERSON: String(ATTEMPTS),
      RATE_LIMIT_ATTEMPTS_WINDOW_SECONDS: '120',
    };
    services = await Promise.all([ServiceProcess.start(settings), ServiceProcess.start(settings)]);
    await modes('shared');
  });

  afterAll(async () => {
    await Promise.all((services ?? []).map((service) => service.stop()));
    await redis?.end();
  });

  /** Each test has its own client address. */
  let client = 0;
  beforeEach(() => void (client += 1));
  const from = () => ({ 'x-forwarded-for': `198.51.100.${client}` });

  const modeOf = async (service: ServiceProcess): Promise<string> =>
    (await service.api.get<{ checks: { rateLimits: string } }>('/health')).body.checks.rateLimits;
  const modes = (mode: 'local' | 'shared'): Promise<void> =>
    eventually(`rate limits that are ${mode}`, async () => {
      const found = await Promise.all(services.map(modeOf));
      return found.every((one) => one === mode);
    });
  const gaugeOf = async (service: ServiceProcess): Promise<string | undefined> => {
    const answer = await fetch(`${service.api.baseUrl}/metrics`);
    return /^rowlock_rate_limits_shared (\d)$/m.exec(await answer.text())?.[1];
  };

  const read = (service: ServiceProcess): Promise<Answer> =>
    service.api.send('GET', '/v1/events?limit=1', undefined, from());

  /** The number of reads that were admitted; none may wait for Redis. */
  async function admitted(service: ServiceProcess, reads: number): Promise<number> {
    let count = 0;
    for (let sent = 0; sent < reads; sent += 1) {
      const sentAt = performance.now();
      const { status } = await read(service);
      expect(performance.now() - sentAt).toBeLessThan(wallClock(ANSWER_MS_MAX));
      expect([200, 429]).toContain(status);
      if (status === 200) count += 1;
    }
    return count;
  }

  it('allow a client as many requests on both together as on one alone', async () => {
    const [one, other] = services as [ServiceProcess, ServiceProcess];
    expect(await admitted(one, LIMIT - 10)).toBe(LIMIT - 10);
    await sleep(HEARD_MS);
    // The first read shares its own count; the count of the others arrives a moment later.
    expect(await admitted(other, 1)).toBe(1);
    await sleep(HEARD_MS);
    expect(await admitted(other, 30)).toBe(9);
    await sleep(HEARD_MS);
    expect(await admitted(one, 1)).toBe(1);
    await sleep(HEARD_MS);
    expect(await admitted(one, 5)).toBe(0);
  });

  it('never admit more than both would alone, however fast the requests are', async () => {
    const all = services.flatMap((service) => Array.from({ length: 100 }, () => read(service)));
    const answered = (await Promise.all(all)).filter(({ status }) => status === 200).length;
    expect(answered).toBeGreaterThanOrEqual(LIMIT);
    expect(answered).toBeLessThanOrEqual(2 * LIMIT);
  });

  it('end the window of a client at the same time on both', async () => {
    const [one, other] = services as [ServiceProcess, ServiceProcess];
    await read(one);
    await sleep(1_500);
    await read(other);
    await sleep(HEARD_MS);
    const seconds = await Promise.all(
      services.map(async (service) => secondsOf(await read(service))),
    );
    expect(Math.abs(seconds[0]! - seconds[1]!)).toBeLessThanOrEqual(1);
    expect(seconds[1]).toBeLessThan(120);
  });

  it('do not accept from Redis a window longer than it can be', async () => {
    const [one, other] = services as [ServiceProcess, ServiceProcess];
    const key = `rowlock:limit:address-reads:120:198.51.100.${client}`;
    await redis.ask(`SET ${key} ${LIMIT} PX 100000000`);
    await read(one);
    await sleep(HEARD_MS);
    const { status, headers } = await read(one);
    expect(status).toBe(429);
    expect(Number(headers['retry-after'])).toBeLessThanOrEqual(120);
    await read(other);
    expect(Number(/:(-?\d+)/.exec(await redis.ask(`PTTL ${key}`))?.[1])).toBeLessThanOrEqual(
      120_000,
    );
  });

  it('count a person under one name, which does not reveal the identifier', async () => {
    const [one, other] = services as [ServiceProcess, ServiceProcess];
    const eventId = await one.api.open(100);
    const book = (service: ServiceProcess) => service.api.book(eventId, 'jo.secret@example.org');
    for (let sent = 0; sent < ATTEMPTS - 1; sent += 1) expect((await book(one)).status).toBe(201);
    await sleep(HEARD_MS);
    expect((await book(other)).status).toBe(201);
    await sleep(HEARD_MS);
    const { status, body } = await book(other);
    expect([status, body.code]).toEqual([429, 'too_many_attempts']);
    const keys = await redis.ask('KEYS *');
    expect(keys).toContain('rowlock:limit:attempts:');
    expect(keys).not.toMatch(/secret|example/);
  });

  it('continue without Redis when it dies, log that once, and share again later', async () => {
    const eventId = await services[0]!.api.open(1_000);
    const reading = { isOver: false };
    const answers: number[] = [];
    const busy = services.map(async (service, index) => {
      for (let sent = 0; !reading.isOver; sent += 1) {
        const sentAt = performance.now();
        answers.push((await service.api.book(eventId, `p${index}-${sent}`)).status);
        expect(performance.now() - sentAt).toBeLessThan(wallClock(ANSWER_MS_MAX));
        await sleep(5);
      }
    });
    const early = services[0]!;
    expect(await admitted(early, LIMIT - 5)).toBe(LIMIT - 5);
    await sleep(HEARD_MS);
    expect(await gaugeOf(early)).toBe('1');
    await redis.kill();
    await modes('local');
    expect(await gaugeOf(early)).toBe('0');
    // Each instance counts for itself.
    client += 1;
    for (const service of services) expect(await admitted(service, LIMIT + 10)).toBe(LIMIT);
    client += 1;
    expect(await admitted(early, 10)).toBe(10);
    await redis.start();
    await modes('shared');
    reading.isOver = true;
    await Promise.all(busy);
    expect(answers.length).toBeGreaterThan(50);
    expect(answers.filter((status) => status !== 201)).toEqual([]);
    // Local counts are shared now, and reach the other instance with its next read.
    for (const service of services) {
      expect(await admitted(service, 1)).toBe(1);
      await sleep(HEARD_MS);
    }
    expect(await admitted(services[1]!, LIMIT)).toBe(LIMIT - 12);
    // Refused clients stay refused: Redis has forgotten them, the instances have not.
    client -= 1;
    for (const service of services) expect(await admitted(service, 3)).toBe(0);
    client -= 1;
    expect(await admitted(early, 1)).toBe(1);
    await sleep(HEARD_MS);
    expect(await admitted(early, 10)).toBe(4);
    client += 3;
    expect(await admitted(services[0]!, LIMIT)).toBe(LIMIT);
    await sleep(HEARD_MS);
    expect(await admitted(services[1]!, 1)).toBe(1);
    await sleep(HEARD_MS);
    expect(await admitted(services[1]!, 5)).toBe(0);
    for (const { output } of services) {
      expect(output.match(/Redis cannot be used/g)).toHaveLength(1);
      expect(output.match(/shared through Redis again/g)).toHaveLength(1);
    }
  });

  it('continue without Redis while it is full', async () => {
    const full = await redis.ask('CONFIG SET maxmemory 1');
    expect(full).toContain('OK');
    await read(services[0]!);
    await read(services[1]!);
    await modes('local');
    for (const service of services) expect(await admitted(service, LIMIT + 5)).toBe(LIMIT - 1);
    await redis.ask('CONFIG SET maxmemory 0');
    await modes('shared');
  });

  it('continue without Redis while it does not answer', async () => {
    redis.freeze();
    try {
      await read(services[0]!);
      await read(services[1]!);
      await modes('local');
      for (const service of services) expect(await admitted(service, LIMIT + 5)).toBe(LIMIT - 1);
    } finally {
      redis.thaw();
    }
    await modes('shared');
  });
});

describe('an instance whose Redis is unreachable', () => {
  const database = useDatabase();

  it('starts anyway, logs the failure once, and counts for itself', async () => {
    const service = await ServiceProcess.start({
      DATABASE_URL: database.url,
      REDIS_URL: 'redis://user:s3cret@127.0.0.1:1',
      RATE_LIMIT_ENABLED: 'true',
      RATE_LIMIT_READS_PER_ADDRESS: '3',
    });
    try {
      await sleep(1_000);
      const statuses: number[] = [];
      for (let sent = 0; sent < 4; sent += 1) {
        statuses.push((await service.api.get('/v1/events')).status);
      }
      expect(statuses).toEqual([200, 200, 200, 429]);
      expect((await service.api.get('/health/ready')).status).toBe(200);
      expect(service.output.match(/Redis cannot be used/g)).toHaveLength(1);
      expect(service.output).not.toContain('s3cret');
    } finally {
      expect(await service.stop()).toBe(0);
    }
  });
});

const secondsOf = ({ headers }: Answer): number =>
  Number(/t=(\d+)/.exec(String(headers['ratelimit']))?.[1]);
