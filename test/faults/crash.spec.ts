import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type mysql from 'mysql2/promise';
import { layoutOf, urlOf } from '../../src/embedded-mysql/layout.js';
import {
  type Answer,
  type Api,
  assertInvariants,
  connectTo,
  ServiceProcess,
} from '../kit/index.js';
import type { FileGlobals } from '../kit/database.js';
import { fullRunIt, intensity } from '../setup/intensity.js';
import { eventually } from '../kit/eventually.js';
import { ClientLedger } from './support/ledger.js';

const BOOKINGS = intensity('STORM_BOOKINGS');
const CLIENTS = 32;
/** The kill comes after this many acknowledged bookings. */
const IN_THE_MIDDLE = BOOKINGS / 3;

jest.setTimeout(120_000);

describe(`a kill in the middle of ${BOOKINGS} bookings`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'rowlock-crash-'));
  // Removed even if the end is never reached.
  ((globalThis as FileGlobals).testFolders ??= []).push(folder);
  const layout = layoutOf(join(folder, 'mysql'));
  const databaseUrl = urlOf(layout, 'rowlock');
  let service: ServiceProcess | undefined;

  const start = async (): Promise<ServiceProcess> => {
    // Two services cannot share a folder; after a failed test the old one may still run.
    await service?.stop();
    service = await ServiceProcess.start({ DATA_DIR: folder });
    return service;
  };

  const databasePid = (): number => Number(readFileSync(layout.pidFile, 'utf8'));

  afterAll(async () => {
    await service?.stop();
    // A killed service takes its database server along, after a while.
    await eventually(
      'the end of the database server',
      () => !existsSync(layout.pidFile) || !isRunning(databasePid()),
      20_000,
    );
    rmSync(folder, { recursive: true, force: true });
  });

  it('of the database: it comes back, and loses or doubles nothing acknowledged', async () => {
    const current = await start();
    const { api } = current;
    const eventId = await api.open(BOOKINGS * 2);
    const ledger = new ClientLedger();
    const killed = databasePid();
    let killedAt = Infinity;
    let backAfterMs = Infinity;
    await eachOf(BOOKINGS, async (index) => {
      const sentAt = performance.now();
      const isBooked = await ledger.enter(
        `person-${index}@x`,
        1,
        api.book(eventId, `person-${index}@x`),
      );
      if (isBooked && sentAt > killedAt) {
        backAfterMs = Math.min(backAfterMs, performance.now() - killedAt);
      }
      if (!isBooked) await sleep(50);
      if (ledger.counts.acknowledged < IN_THE_MIDDLE || killedAt < Infinity) return;
      killedAt = performance.now();
      process.kill(killed, 'SIGKILL');
    });
    // In case all requests ended while the database was away.
    while (backAfterMs === Infinity && performance.now() - killedAt < 30_000) {
      const isBooked = await ledger.enter('late@x', 1, api.book(eventId, 'late@x'));
      if (isBooked) backAfterMs = performance.now() - killedAt;
      else await sleep(50);
    }
    report('database killed', { backAfterMs, ...ledger.counts });
    expect(backAfterMs).toBeLessThan(15_000);
    expect(databasePid()).not.toBe(killed);
    await expectKept(ledger, eventId);
    expect(await current.stop()).toBe(0);
  });

  it('of the service: its database ends too, and the next service continues', async () => {
    const { api, pid } = await start();
    const eventId = await api.open(BOOKINGS * 2);
    const ledger = new ClientLedger();
    const orphan = databasePid();
    let killedAt: number | undefined;
    await eachOf(BOOKINGS, async (index) => {
      if (killedAt !== undefined) return;
      const identifier = `person-${index}@x`;
      await ledger.enter(identifier, 1, bookOnce(api, eventId, identifier));
      if (ledger.counts.acknowledged < IN_THE_MIDDLE || killedAt !== undefined) return;
      killedAt = performance.now();
      process.kill(pid, 'SIGKILL');
    });
    expect(ledger.counts.acknowledged).toBeGreaterThanOrEqual(IN_THE_MIDDLE);
    expect(ledger.counts.unknown).toBeGreaterThan(0);
    await eventually('the end of the database server', () => !isRunning(orphan), 10_000);
    const goneAfterMs = performance.now() - killedAt!;
    const next = await start();
    await expectKept(ledger, eventId);
    // Requests without an answer are repeated with their key, and have booked exactly once then.
    for (const identifier of ledger.unanswered) {
      await ledger.enterRepeated(identifier, bookOnce(next.api, eventId, identifier));
    }
    await expectKept(ledger, eventId);
    report('service killed', { databaseGoneAfterMs: goneAfterMs, ...ledger.counts });
    await expectNoStaleLock(next.api, eventId);
  });

  fullRunIt('of the service: the next one can start at once', async () => {
    const current = await start();
    const { api } = current;
    const eventId = await api.open(BOOKINGS * 2);
    const ledger = new ClientLedger();
    const orphan = databasePid();
    const bookings = eachOf(BOOKINGS, async (index) => {
      await ledger.enter(`person-${index}@x`, 1, api.book(eventId, `person-${index}@x`));
    });
    await eventually('some bookings', () => ledger.counts.acknowledged >= IN_THE_MIDDLE);
    await current.kill();
    const started = performance.now();
    const next = await start();
    report('service started at once', { tookMs: performance.now() - started });
    expect(isRunning(orphan)).toBe(false);
    await bookings;
    expect(ledger.counts.unknown).toBeGreaterThan(0);
    await expectKept(ledger, eventId);
    await expectNoStaleLock(next.api, eventId);
  });

  it('of the service by SIGTERM: it answers accepted requests and ends with code 0', async () => {
    const current = await start();
    const { api } = current;
    const eventId = await api.open(BOOKINGS * 2);
    const ledger = new ClientLedger();
    const orphan = databasePid();
    // The lock ensures that all requests are in progress when the signal comes.
    const unlock = await lockSections(eventId);
    const bookings = Array.from({ length: 64 }, (_, index) =>
      ledger.enter(`person-${index}@x`, 1, api.book(eventId, `person-${index}@x`)),
    );
    const silent = connect(Number(new URL(api.baseUrl).port), '127.0.0.1');
    await once(silent, 'connect');
    await sleep(200);
    const stopped = current.stop();
    await sleep(200);
    await expect(api.book(eventId, 'too-late@x')).rejects.toThrow();
    await unlock();
    await Promise.all(bookings);
    expect(ledger.counts).toEqual({ acknowledged: 64, refused: 0, unknown: 0 });
    const answered = performance.now();
    expect(await stopped).toBe(0);
    // Clients that keep connections open, used or unused, do not delay the end.
    report('service stopped', { tookMs: performance.now() - answered });
    expect(performance.now() - answered).toBeLessThan(10_000);
    expect(isRunning(orphan)).toBe(false);
    silent.destroy();
    await start();
    await expectKept(ledger, eventId);
  });

  async function expectKept(ledger: ClientLedger, eventId: string): Promise<void> {
    const connection = await connectTo(databaseUrl);
    try {
      const query = async <Row>(sql: string, parameters: unknown[] = []) =>
        (await connection.query(sql, parameters))[0] as Row[];
      await ledger.compare({ query }, eventId);
    } finally {
      await connection.end();
    }
    await assertInvariants(databaseUrl);
  }

  async function expectNoStaleLock(api: Api, eventId: string): Promise<void> {
    const asked = performance.now();
    expect((await api.book(eventId, 'next@x')).status).toBe(201);
    expect(performance.now() - asked).toBeLessThan(2_000);
  }

  async function lockSections(eventId: string): Promise<() => Promise<void>> {
    const connection: mysql.Connection = await connectTo(databaseUrl);
    await connection.beginTransaction();
    await connection.query('SELECT id FROM sections WHERE event_id = ? FOR UPDATE', [eventId]);
    return () => connection.end();
  }
});

/** A booking that can be repeated, because of its idempotency key. */
const bookOnce = (api: Api, eventId: string, identifier: string): Promise<Answer> =>
  api.post('/book', { eventId, identifier }, { 'Idempotency-Key': `attempt-of-${identifier}` });

/** Does the work for each number below a count, with a fixed number of clients. */
async function eachOf(count: number, work: (index: number) => Promise<void>): Promise<void> {
  let next = 0;
  const client = async (): Promise<void> => {
    while (next < count) {
      next += 1;
      await work(next);
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function report(what: string, facts: Readonly<Record<string, number>>): void {
  const rounded = Object.entries(facts).map(([name, value]) => `${name} ${Math.round(value)}`);
  process.stderr.write(`${what}: ${rounded.join(', ')}\n`);
}
