import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type EmbeddedServer,
  startEmbeddedServer,
} from '../../src/embedded-mysql/embedded-server.js';
import { migrateUp } from '../../src/platform/database/index.js';
import { uuidV7 } from '../../src/platform/common/index.js';
import type { FileGlobals } from '../kit/database.js';
import { eventually } from '../kit/eventually.js';
import { lockWaitsIn } from '../kit/transactions.js';
import { Random } from '../faults/support/random.js';
import {
  type Answer,
  type Api,
  assertInvariants,
  connectTo,
  ServiceProcess,
  tally,
  useDatabase,
} from '../kit/index.js';
import { inFullRun, intensity } from '../setup/intensity.js';

const ROUNDS = intensity('ROUNDS');

const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

const send = (api: Api, path: string, body: object, key: string): Promise<Answer> =>
  api.post(path, body, { 'Idempotency-Key': key });

const isReplay = ({ headers }: Answer): boolean => headers['idempotency-replayed'] === 'true';

const withoutRequestId = ({ status, body }: Answer): object => ({
  status,
  body: { ...body, requestId: undefined },
});

describe.each(inFullRun([2, 1]))('ten concurrent duplicates, on %i instance(s)', (instances) => {
  const database = useDatabase();
  const services: ServiceProcess[] = [];

  beforeAll(async () => {
    for (const _ of range(instances)) {
      services.push(await ServiceProcess.start({ DATABASE_URL: database.url }));
    }
  });
  afterAll(() => Promise.all(services.map((service) => service.stop())));

  /** The instances in turn. */
  const api = (turn: number): Api => services[turn % instances]!.api;

  const duplicates = (path: string, body: object, key = uuidV7()): Promise<Answer>[] =>
    range(10).map((turn) => send(api(turn), path, body, key));

  /**
   * Locks the sections, lets one booking per instance and event wait for the lock, and then sends.
   * All requests are there when the lock is released, and make up the lanes' next batches.
   */
  async function atOnce(
    eventIds: readonly string[],
    begin: () => readonly Promise<Answer>[],
  ): Promise<Answer[]> {
    const holder = await connectTo(database.url);
    try {
      await holder.query('START TRANSACTION');
      const lock = 'SELECT 1 FROM sections WHERE event_id IN (?) ORDER BY id FOR UPDATE';
      await holder.query(lock, [eventIds]);
      const first = eventIds.flatMap((eventId) =>
        range(instances).map((turn) => api(turn).book(eventId, `first-${turn}`)),
      );
      const areWaiting = async () => (await lockWaitsIn(database)) >= instances;
      await eventually('one waiting booking per instance', areWaiting);
      const answers = begin();
      await sleep(150);
      await holder.end();
      await Promise.all(first);
      return await Promise.all(answers);
    } finally {
      holder.destroy();
    }
  }

  /** One request took effect; the others got its stored answer. */
  function expectOneEffect(answers: readonly Answer[], status: number): void {
    for (const answer of answers) {
      expect(withoutRequestId(answer)).toEqual(withoutRequestId(answers[0]!));
    }
    expect(answers[0]!.status).toBe(status);
    expect(answers.filter((answer) => !isReplay(answer))).toHaveLength(1);
  }

  const bookedAt = async (eventId: string): Promise<number> =>
    (await api(0).status(eventId)).body.bookedTickets;

  it('book once', async () => {
    const eventId = await api(0).open(100);
    const body = { eventId, identifier: 'ann', quantity: 3 };
    expectOneEffect(await atOnce([eventId], () => duplicates('/book', body)), 201);
    expect(await bookedAt(eventId)).toBe(instances + 3);
  });

  it('join the waitlist once', async () => {
    const eventId = await api(0).open(instances);
    const body = { eventId, identifier: 'ann' };
    expectOneEffect(await atOnce([eventId], () => duplicates('/book', body)), 201);
    expect((await api(0).status(eventId)).body.waitingListCount).toBe(1);
  });

  it('get the same refusal', async () => {
    const eventId = await api(0).open(instances);
    const body = { eventId, identifier: 'ann', onSoldOut: 'refuse' };
    expectOneEffect(await atOnce([eventId], () => duplicates('/book', body)), 409);
  });

  it('cancel once', async () => {
    const eventId = await api(0).open(100);
    await api(0).book(eventId, 'ann', { quantity: 10 });
    const body = { eventId, identifier: 'ann' };
    expectOneEffect(await atOnce([eventId], () => duplicates('/cancel', body)), 200);
    expect(await bookedAt(eventId)).toBe(instances + 9);
  });

  it('create one event', async () => {
    const name = uuidV7();
    const answers = await Promise.all(duplicates('/initialize', { name, totalTickets: 5 }));
    expectOneEffect(answers, 201);
    expect(await database.query('SELECT name FROM events WHERE name = ?', [name])).toHaveLength(1);
  });

  it('book once, even if nothing makes them coincide', async () => {
    for (const _ of range(2 * ROUNDS)) {
      const eventId = await api(0).open(100);
      const body = { eventId, identifier: uuidV7() };
      expectOneEffect(await Promise.all(duplicates('/book', body)), 201);
      expect(await bookedAt(eventId)).toBe(1);
    }
  });

  it('book once for each of ten people', async () => {
    const eventId = await api(0).open(100);
    const people = range(10).map((index) => ({ identifier: `person-${index}`, key: uuidV7() }));
    const answers = await atOnce([eventId], () =>
      range(10).flatMap((turn) =>
        people.map(({ identifier, key }) => send(api(turn), '/book', { eventId, identifier }, key)),
      ),
    );
    for (const person of range(10)) {
      expectOneEffect(
        answers.filter((_, index) => index % 10 === person),
        201,
      );
    }
    expect(await bookedAt(eventId)).toBe(instances + 10);
  });

  it('book one of ten quantities, and get idempotency_key_reused for the others', async () => {
    const eventId = await api(0).open(100);
    const key = uuidV7();
    const answers = await atOnce([eventId], () =>
      range(10).map((turn) =>
        send(api(turn), '/book', { eventId, identifier: 'ann', quantity: turn + 1 }, key),
      ),
    );
    expectOneWinner(answers);
    const [winner] = answers.filter(({ status }) => status === 201);
    expect(await bookedAt(eventId)).toBe(instances + winner!.body.tickets.length);
  });

  it('book at one of ten events, and get idempotency_key_reused at the others', async () => {
    for (const _ of range(ROUNDS)) {
      const events = await Promise.all(range(10).map(() => api(0).open(100)));
      const key = uuidV7();
      const answers = await atOnce(events, () =>
        events.map((eventId, turn) =>
          send(api(turn), '/book', { eventId, identifier: 'ann' }, key),
        ),
      );
      expectOneWinner(answers);
      const booked = await Promise.all(events.map(bookedAt));
      const firsts = events.length * instances;
      expect(booked.reduce((sum, count) => sum + count, 0)).toBe(firsts + 1);
    }
  });

  function expectOneWinner(answers: readonly Answer[]): void {
    const codes = answers.map(({ status, body }) => body.code ?? status);
    const lost = Array.from({ length: answers.length - 1 }, () => 'idempotency_key_reused');
    expect(codes.toSorted()).toEqual([201, ...lost]);
  }
});

const KEYS = intensity('STORM_KEYS');
const KILLS = intensity('STORM_KILLS');

describe(`${KEYS} idempotency keys, each sent ten times, on two instances`, () => {
  const EVENTS = 4;
  const TIMES = 10;
  const CLIENTS = 128;
  /** The database is killed after this many answers. */
  const IN_THE_MIDDLE = 3 * KEYS;
  const REPEATS_MAX = 600;

  // Short, because the paths of Unix sockets are limited.
  const folder = mkdtempSync(join(tmpdir(), 'rl-'));
  // Removed even if the end is never reached.
  ((globalThis as FileGlobals).testFolders ??= []).push(folder);
  const services: ServiceProcess[] = [];
  const killed = new Set<number>();
  let server: EmbeddedServer;

  beforeAll(async () => {
    const binary = process.env['EMBEDDED_MYSQLD'];
    server = await startEmbeddedServer({ dataDir: folder, binary, say: () => undefined });
    await migrateUp(server.url);
    for (const _ of range(2)) {
      services.push(await ServiceProcess.start({ DATABASE_URL: server.url }));
    }
  });

  afterAll(async () => {
    await Promise.all(services.map((service) => service.stop()));
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Kills the server, and each of its replacements as soon as it serves. */
  async function killServer(): Promise<void> {
    while (killed.size < KILLS) {
      const { pid } = server;
      killed.add(pid);
      process.kill(pid, 'SIGKILL');
      await eventually('a new server', () => server.pid !== pid, 30_000);
    }
  }

  it(`make ${KEYS} bookings, although the database is killed ${KILLS} time(s)`, async () => {
    const random = Random.announced('keys that are each sent ten times');
    const events = await Promise.all(range(EVENTS).map(() => services[0]!.api.open(KEYS / EVENTS)));
    const attempts = range(KEYS * TIMES)
      .map((index) => ({ person: index % KEYS, order: random.next() }))
      .sort((a, b) => a.order - b.order)
      .map(({ person }) => ({
        person,
        instance: random.chance(0.5) ? 0 : 1,
        key: `attempt-of-${person}`,
        body: { eventId: events[person % EVENTS]!, identifier: `person-${person}` },
      }));
    const counts = { answers: 0, unavailable: 0, broken: 0 };
    const answersOf = range(KEYS).map((): Answer[] => []);

    /** Repeats a request with the same key until there is an answer. */
    const insist = async ({ person, instance, key, body }: (typeof attempts)[0]): Promise<void> => {
      for (let repeat = 0; repeat < REPEATS_MAX; repeat += 1) {
        const answer = await send(services[instance]!.api, '/book', body, key).catch(
          () => undefined,
        );
        if (answer !== undefined && answer.status !== 503) {
          counts.answers += 1;
          answersOf[person]!.push(answer);
          return;
        }
        counts[answer === undefined ? 'broken' : 'unavailable'] += 1;
        await sleep(50);
      }
      throw new Error(`No answer to ${key} after ${REPEATS_MAX} requests`);
    };

    let killing: Promise<void> | undefined;
    const queue = attempts.values();
    await Promise.all(
      range(CLIENTS).map(async () => {
        for (const attempt of queue) {
          await insist(attempt);
          if (counts.answers >= IN_THE_MIDDLE) killing ??= killServer();
        }
      }),
    );
    await killing;
    process.stderr.write(`${JSON.stringify(counts)}\n`);
    expect(killed.size).toBe(KILLS);

    for (const answers of answersOf) {
      expect(answers).toHaveLength(TIMES);
      for (const answer of answers) expect(answer.body).toEqual(answers[0]!.body);
      // None, if the first answer was lost.
      expect(answers.filter((answer) => !isReplay(answer)).length).toBeLessThanOrEqual(1);
    }
    const all = answersOf.flat();
    expect(tally(all)).toMatchObject({ requests: KEYS * TIMES, booked: KEYS * TIMES });
    expect(new Set(all.map(({ body }) => body.bookingId)).size).toBe(KEYS);
    expect(await assertInvariants(server.url)).toMatchObject({ booked: KEYS, waiting: 0 });
    expect(await rowsOf('bookings')).toBe(KEYS);
    expect(await rowsOf('idempotency_keys')).toBe(KEYS);
  });

  async function rowsOf(table: string): Promise<number> {
    const connection = await connectTo(server.url);
    const [rows] = await connection.query(`SELECT 1 FROM ${table}`);
    await connection.end();
    return (rows as unknown[]).length;
  }
});
