import { once } from 'node:events';
import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import request from 'supertest';
import { ExpensiveReads } from '../../src/platform/http/index.js';
import { useApp, useDatabase } from '../kit/index.js';
import { changePackets } from '../kit/statements.js';
import { eventually } from '../kit/eventually.js';

describe('expensive reads', () => {
  const database = useDatabase();
  // One of three connections serves expensive reads, one at a time.
  const app = useApp(database, { DATABASE_READ_POOL_SIZE: '3', EXPENSIVE_READS_PER_KEY: '2' });
  let eventId: string;
  let held: (() => void)[] = [];
  let sent = 0;

  beforeAll(async () => {
    changePackets(app.nest, async ({ sql }) => {
      if (!sql.includes('FROM seats')) return sql;
      sent += 1;
      await new Promise<void>((resolve) => held.push(resolve));
      return sql;
    });
    const event = { name: 'Opera', sections: [{ name: 'Stalls', capacity: 2 }] };
    const { body } = await request(app.server).post('/v1/events').send(event).expect(201);
    ({ id: eventId } = body as { id: string });
  });

  const path = () => `/v1/events/${eventId}/seats`;
  const seats = () => request(app.server).get(path());
  const reads = () => app.nest.get(ExpensiveReads);

  function release(): void {
    const waiting = held;
    held = [];
    for (const resolve of waiting) resolve();
  }

  const isHeld = (): Promise<void> => eventually('a read is held', () => held.length === 1);

  it('in progress at once are limited for each key, and other requests are not', async () => {
    const first = seats().then(({ status }) => status);
    await isHeld();
    const second = seats().then(({ status }) => status);
    await eventually('a read waits', () => reads().waiting === 1);
    const refused = await seats().expect(429);
    expect(refused.body).toMatchObject({ code: 'rate_limited', policy: 'key-expensive-reads' });
    expect(refused.headers['retry-after']).toBe('1');
    await request(app.server).get(`/status/${eventId}`).expect(200);
    release();
    await isHeld();
    release();
    expect(await Promise.all([first, second])).toEqual([200, 200]);
    await eventually('none in progress', () => reads().waiting + reads().running === 0);
  });

  it('are skipped if their client is gone before their turn', async () => {
    const first = seats().then(({ status }) => status);
    await isHeld();
    const before = sent;
    const { port } = app.nest.getHttpServer().address() as AddressInfo;
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    socket.write(`GET ${path()} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
    await eventually('a read waits', () => reads().waiting === 1);
    socket.destroy();
    await eventually('it is skipped', () => reads().counts.skipped === 1);
    release();
    expect(await first).toBe(200);
    // As many as the key may have in progress: the one that was skipped no longer counts.
    const next = [seats(), seats()].map((read) => read.then(({ status }) => status));
    for (const _ of next) {
      await isHeld();
      release();
    }
    expect(await Promise.all(next)).toEqual([200, 200]);
    expect(sent - before).toBe(2);
  });
});
