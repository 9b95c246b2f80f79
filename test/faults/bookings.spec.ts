import { assertInvariants, readOutbox } from '../kit/index.js';
import type { Fault } from '../kit/tcp-proxy.js';
import { COMMIT, CUTS, useServiceBehindProxy } from './support/service-behind-proxy.js';
import { ClientLedger } from './support/ledger.js';
import { Random } from './support/random.js';

const LOCK = /FOR UPDATE/;
const CHANGE = /^(?:INSERT|UPDATE)/m;
const STATEMENT = /^(?:SELECT|INSERT|UPDATE)/m;

const DEADLOCK = { errno: 1213, sqlState: '40001', message: 'Deadlock found' };
const NOT_READY = { errno: 1047, sqlState: '08S01', message: 'WSREP has not yet prepared node' };

describe('the service on a database whose connections break', () => {
  const parts = useServiceBehindProxy();

  const count = async (sql: string, ...parameters: unknown[]): Promise<number> => {
    const [row] = await parts.database.query<{ count: number }>(
      `SELECT COUNT(*) AS count FROM ${sql}`,
      parameters,
    );
    return row!.count;
  };

  describe.each(CUTS)('COMMIT cut off %s', (_, cut) => {
    it('creates an event once', async () => {
      const before = await count('sections');
      const fault = cut(parts.proxy, COMMIT);
      const id = await parts.service.api.open(3, 'Once only');
      expect(fault.happened).toBe(1);
      expect(await count('sections')).toBe(before + 1);
      expect(await readOutbox(parts.database, id)).toHaveLength(1);
      const { body } = await parts.service.api.status(id);
      expect(body).toMatchObject({ name: 'Once only', availableTickets: 3 });
    });

    it('books once', async () => {
      const id = await parts.service.api.open(3);
      const fault = cut(parts.proxy, COMMIT);
      const { status, body } = await parts.service.api.book(id, 'ann@x');
      expect(fault.happened).toBe(1);
      expect(status).toBe(201);
      expect(body).toMatchObject({ waitlisted: false, tickets: [{ status: 'BOOKED' }] });
      expect(await count('tickets WHERE id = ?', body.tickets[0]!.id)).toBe(1);
      expect((await parts.service.api.status(id)).body).toMatchObject({
        bookedTickets: 1,
        bookingCount: 1,
        availableTickets: 2,
      });
    });

    it('adds one waitlist entry', async () => {
      const id = await parts.service.api.open(1);
      await parts.service.api.book(id, 'ann@x');
      const fault = cut(parts.proxy, COMMIT);
      const { status, body } = await parts.service.api.book(id, 'bob@x');
      expect(fault.happened).toBe(1);
      expect(status).toBe(201);
      expect(body).toMatchObject({ waitlisted: true, waitingEntry: { position: 1 } });
      expect((await parts.service.api.status(id)).body).toMatchObject({ waitingListCount: 1 });
    });

    it('cancels once, and promotes once', async () => {
      const id = await parts.service.api.open(1);
      const ann = await parts.service.api.book(id, 'ann@x');
      await parts.service.api.book(id, 'bob@x');
      await parts.service.api.book(id, 'cyd@x');
      const fault = cut(parts.proxy, COMMIT);
      const { status, body } = await parts.service.api.cancel(id, 'ann@x');
      expect(fault.happened).toBe(1);
      expect(status).toBe(200);
      expect(body.ticket).toMatchObject({ id: ann.body.tickets[0]!.id, status: 'CANCELLED' });
      expect((await parts.service.api.status(id)).body).toMatchObject({
        bookedTickets: 1,
        bookingCount: 1,
        waitingListCount: 1,
      });
      // Bob has the place, so there is something to cancel, and it was not Cyd's turn.
      expect((await parts.service.api.cancel(id, 'bob@x')).body.ticket.status).toBe('CANCELLED');
    });

    it('stores the idempotency key with the booking', async () => {
      const eventId = await parts.service.api.open(3);
      const fault = cut(parts.proxy, COMMIT);
      const book = () =>
        parts.service.api.post(
          '/book',
          { eventId, identifier: 'ann@x' },
          { 'Idempotency-Key': eventId },
        );
      const [first, again] = [await book(), await book()];
      expect(fault.happened).toBe(1);
      expect([first.status, again.status]).toEqual([201, 201]);
      expect(again.headers['idempotency-replayed']).toBe('true');
      expect(again.body).toEqual(first.body);
      expect((await parts.service.api.status(eventId)).body).toMatchObject({ bookedTickets: 1 });
    });
  });

  it.each<[string, () => Fault]>([
    ['at the lock', () => parts.proxy.cutBefore(LOCK)],
    ['in the middle of writing', () => parts.proxy.cutAfter(/^INSERT INTO tickets/m)],
    ['by a deadlock', () => parts.proxy.refuse(/^UPDATE sections/m, DEADLOCK)],
    [
      'by a node without its cluster',
      () => parts.proxy.refuse(/^INSERT INTO bookings/m, NOT_READY),
    ],
  ])('books once although the booking is interrupted %s', async (_, plan) => {
    const id = await parts.service.api.open(3);
    const fault = plan();
    expect((await parts.service.api.book(id, 'ann@x')).status).toBe(201);
    expect(fault.happened).toBe(1);
    expect((await parts.service.api.status(id)).body).toMatchObject({ bookedTickets: 1 });
  });

  it('keeps nothing of the first attempt after a deadlock during its writes', async () => {
    const id = await parts.service.api.open(3);
    // Once per connection. The rows written before it exist until they are rolled back.
    await parts.database.query(`
      CREATE TRIGGER deadlock_once BEFORE UPDATE ON sections FOR EACH ROW
      IF @deadlock IS NULL THEN
        SET @deadlock = 1;
        SIGNAL SQLSTATE '40001' SET MYSQL_ERRNO = 1213, MESSAGE_TEXT = 'Deadlock found';
      END IF`);
    expect((await parts.service.api.book(id, 'ann@x')).status).toBe(201);
    expect((await parts.service.api.book(id, 'bob@x')).status).toBe(201);
    await parts.database.query('DROP TRIGGER deadlock_once');
    expect((await parts.service.api.status(id)).body).toMatchObject({ bookedTickets: 2 });
    await assertInvariants(parts.database.url);
  });

  it('answers /status although the first connection broke', async () => {
    const id = await parts.service.api.open(3);
    const fault = parts.proxy.cutAfter(/FROM events event JOIN sections/);
    expect((await parts.service.api.status(id)).status).toBe(200);
    expect(fault.happened).toBe(1);
  });

  it('answers 503 while the database refuses connections, and 201 afterwards', async () => {
    const id = await parts.service.api.open(5);
    parts.proxy.refuseConnections();
    parts.proxy.cutAll();
    const ledger = new ClientLedger();
    const started = Date.now();
    await Promise.all(
      ['ann', 'bob'].map((name) => ledger.enter(name, 1, parts.service.api.book(id, name))),
    );
    expect(ledger.counts).toEqual({ acknowledged: 0, refused: 2, unknown: 0 });
    expect(parts.proxy.refused).toBeGreaterThan(2);
    expect(Date.now() - started).toBeLessThan(8_000);
    parts.proxy.acceptConnections();
    await ledger.enter('ann', 1, parts.service.api.book(id, 'ann'));
    expect(ledger.counts.acknowledged).toBe(1);
    await ledger.compare(parts.database, id);
  });

  it('loses, doubles and invents nothing in a storm of faults during bookings', async () => {
    const random = Random.announced('Storm of faults');
    const id = await parts.service.api.open(60);
    const byChance = (probability: number) => ({
      times: Infinity,
      strikes: () => random.chance(probability),
    });
    const faults = {
      commitNeverArrives: parts.proxy.cutBefore(COMMIT, byChance(0.1)),
      commitUnanswered: parts.proxy.cutAfter(COMMIT, byChance(0.1)),
      commitLate: parts.proxy.cutButDeliver(COMMIT, 20, byChance(0.1)),
      statementNeverArrives: parts.proxy.cutBefore(STATEMENT, byChance(0.01)),
      changeUnanswered: parts.proxy.cutAfter(CHANGE, byChance(0.02)),
      deadlock: parts.proxy.refuse(CHANGE, DEADLOCK, byChance(0.02)),
      notReady: parts.proxy.refuse(STATEMENT, NOT_READY, byChance(0.01)),
      slow: parts.proxy.delay(STATEMENT, 20, byChance(0.02)),
    };
    const ledger = new ClientLedger();
    let people = 0;
    let requests = 0;
    // 300 requests, and more until every fault has happened.
    const isOver = (): boolean =>
      requests >= 3_000 ||
      (requests >= 300 && Object.values(faults).every((fault) => fault.happened > 0));
    const client = async (): Promise<void> => {
      while (!isOver()) {
        people += 1;
        const identifier = `person-${people}@x`;
        requests += 1;
        if (!(await ledger.enter(identifier, 1, parts.service.api.book(id, identifier)))) continue;
        if (random.chance(0.4)) continue;
        requests += 1;
        await ledger.enter(identifier, -1, parts.service.api.cancel(id, identifier));
      }
    };
    await Promise.all(Array.from({ length: 6 }, client));
    for (const fault of Object.values(faults)) fault.disarm();
    const happened = Object.fromEntries(
      Object.entries(faults).map(([name, fault]) => [name, fault.happened]),
    );
    process.stderr.write(`${JSON.stringify({ ...happened, ...ledger.counts })}\n`);
    await ledger.compare(parts.database, id);
    for (const often of Object.values(happened)) expect(often).toBeGreaterThan(0);
    expect(ledger.counts.acknowledged).toBeGreaterThan(250);
  });
});
