import request from 'supertest';
import { Backlog } from '../../src/allocation/queue/backlog.js';
import { overloaded } from '../../src/platform/errors/index.js';
import { Clock, uuidV7 } from '../../src/platform/common/index.js';
import { IdempotencyJanitor } from '../../src/platform/idempotency/idempotency-janitor.js';
import { PinoLogger } from 'nestjs-pino';
import { TransactionRunner } from '../../src/platform/database/index.js';
import { PeriodicWorkers } from '../../src/platform/workers/index.js';
import { readOutbox, useApp, useDatabase } from '../kit/index.js';
import { eventually } from '../kit/eventually.js';

const HOUR_MS = 3_600_000;

describe('Idempotency-Key', () => {
  const database = useDatabase();
  const app = useApp(database);
  const limited = useApp(database, { RATE_LIMIT_WRITES_PER_ADDRESS: '1' });

  const send = (path: string, body: object | string, key?: string, { server } = app) => {
    const post = request(server).post(path).set('Content-Type', 'application/json');
    return (key === undefined ? post : post.set('Idempotency-Key', key)).send(body);
  };
  const open = async (totalTickets: number): Promise<string> =>
    (await send('/initialize', { name: 'First night', totalTickets }).expect(201)).body.id;
  const book = (eventId: string, identifier: string, more: object = {}) =>
    send('/book', { eventId, identifier, ...more }).expect(201);
  const cancel = (eventId: string, identifier: string) =>
    send('/cancel', { eventId, identifier }).expect(200);
  const bookedAt = async (eventId: string): Promise<number> =>
    (await request(app.server).get(`/status/${eventId}`)).body.bookedTickets;

  /** Counts all effects: every change writes one outbox message. */
  const changes = async (): Promise<number> => (await readOutbox(database)).length;

  const isReplay = ({ headers }: request.Response): boolean =>
    headers['idempotency-replayed'] === 'true';

  /** The answer without the id of its request. */
  const said = ({ status, body }: request.Response): object => ({
    status,
    body: { ...body, requestId: undefined },
  });

  interface Attempt {
    readonly path: string;
    readonly body: object;
    readonly status: number;
    /** Another body, for which the same key must be refused. */
    readonly other: object;
    readonly effects: number;
  }

  const atFullEvent = async (): Promise<string> => {
    const eventId = await open(1);
    await book(eventId, 'holder');
    return eventId;
  };

  const ATTEMPTS: Readonly<Record<string, () => Promise<Attempt>>> = {
    'creating an event': () => {
      const body = { name: 'Gala', totalTickets: 5 };
      const other = { name: 'Gala', totalTickets: 6 };
      return Promise.resolve({ path: '/initialize', body, other, status: 201, effects: 1 });
    },
    'a booking': async () => {
      const body = { eventId: await open(5), identifier: 'ann', quantity: 2 };
      return { path: '/book', body, other: { ...body, quantity: 1 }, status: 201, effects: 1 };
    },
    'joining the waitlist': async () => {
      const body = { eventId: await atFullEvent(), identifier: 'ann' };
      return {
        path: '/book',
        body,
        other: { ...body, identifier: 'bob' },
        status: 201,
        effects: 1,
      };
    },
    'a booking refused for lack of places': async () => {
      const body = { eventId: await atFullEvent(), identifier: 'ann', onSoldOut: 'refuse' };
      return {
        path: '/book',
        body,
        other: { ...body, onSoldOut: 'wait' },
        status: 409,
        effects: 0,
      };
    },
    'a booking above the capacity': async () => {
      const body = { eventId: await open(5), identifier: 'ann', quantity: 6 };
      return { path: '/book', body, other: { ...body, quantity: 5 }, status: 409, effects: 0 };
    },
    'a cancellation': async () => {
      const body = { eventId: await open(5), identifier: 'ann' };
      await book(body.eventId, 'ann', { quantity: 3 });
      return { path: '/cancel', body, other: { ...body, quantity: 2 }, status: 200, effects: 1 };
    },
    'leaving the waitlist': async () => {
      const body = { eventId: await atFullEvent(), identifier: 'ann' };
      await book(body.eventId, 'ann');
      return { path: '/cancel', body, other: { ...body, quantity: 2 }, status: 200, effects: 1 };
    },
    'a cancellation that finds nothing': async () => {
      const body = { eventId: await open(5), identifier: 'ann' };
      await book(body.eventId, 'bob');
      return {
        path: '/cancel',
        body,
        other: { ...body, identifier: 'bob' },
        status: 404,
        effects: 0,
      };
    },
  };

  describe.each(Object.entries(ATTEMPTS))('for %s', (_, prepare) => {
    it('gives all retries one effect and one answer', async () => {
      const { path, body, status, effects } = await prepare();
      const [key, before] = [uuidV7(), await changes()];
      const first = await send(path, body, key).expect(status);
      expect(isReplay(first)).toBe(false);
      for (let repeat = 0; repeat < 3; repeat += 1) {
        const again = await send(path, body, key);
        expect(said(again)).toEqual(said(first));
        expect(isReplay(again)).toBe(true);
      }
      expect(await changes()).toBe(before + effects);
    });

    it('is refused with another body, without effect', async () => {
      const { path, body, status, other } = await prepare();
      const key = uuidV7();
      const first = await send(path, body, key).expect(status);
      const before = await changes();
      const answer = await send(path, other, key).expect(422);
      expect(answer.body.code).toBe('idempotency_key_reused');
      expect(isReplay(answer)).toBe(false);
      expect(await changes()).toBe(before);
      expect(said(await send(path, body, key))).toEqual(said(first));
    });
  });

  it('ignores the order of the fields in the body', async () => {
    const [eventId, key] = [await open(5), uuidV7()];
    const fields = [`"eventId":"${eventId}"`, '"identifier":"ann"', '"quantity":2'];
    await send('/book', `{${fields.join(',')}}`, key).expect(201);
    const again = await send('/book', `{ ${fields.toReversed().join(', ')} }`, key).expect(201);
    expect([isReplay(again), await bookedAt(eventId)]).toEqual([true, 2]);
  });

  it('belongs to its route: on another route it is a different key', async () => {
    const [key, body] = [uuidV7(), { eventId: await open(5), identifier: 'ann' }];
    const booked = await send('/book', body, key).expect(201);
    const cancelled = await send('/cancel', body, key).expect(200);
    expect([isReplay(booked), isReplay(cancelled)]).toEqual([false, false]);
    expect(cancelled.body.ticket.id).toBe(booked.body.tickets[0].id);
    expect(isReplay(await send('/book', body, key).expect(201))).toBe(true);
    expect(await bookedAt(body.eventId)).toBe(0);
  });

  it('is the same with and without quotes', async () => {
    const [key, body] = [uuidV7(), { eventId: await open(5), identifier: 'ann' }];
    const first = await send('/book', body, `"${key}"`).expect(201);
    const again = await send('/book', body, key).expect(201);
    expect([isReplay(again), again.body]).toEqual([true, first.body]);
  });

  it('is case-sensitive', async () => {
    const body = { eventId: await open(5), identifier: 'ann' };
    await send('/book', body, `k-${body.eventId}`).expect(201);
    expect(isReplay(await send('/book', body, `K-${body.eventId}`).expect(201))).toBe(false);
  });

  it('is optional: without it, every request is a new one', async () => {
    const eventId = await open(5);
    const before = await database.query(KEYS);
    for (const count of [1, 2, 3]) {
      expect(isReplay(await book(eventId, 'ann'))).toBe(false);
      expect(await bookedAt(eventId)).toBe(count);
    }
    expect(await database.query(KEYS)).toEqual(before);
  });
  const KEYS = 'SELECT COUNT(*) AS n FROM idempotency_keys';

  it.each([
    ['empty', ''],
    ['empty between its quotes', '""'],
    ['longer than 255 characters', 'x'.repeat(256)],
    ['longer than 255 characters in quotes', `"${'x'.repeat(256)}"`],
    ['of two words', 'two words'],
    ['with a tab', 'a\tb'],
    ['with a tab in quotes', '"a\tb"'],
    ['not ASCII', 'cl\u00e9'],
    ['with a quote inside', 'a"b'],
    ['with one quote', '"ab'],
  ])('is refused when it is %s', async (_, key) => {
    const eventId = await open(5);
    for (const [path, body] of [
      ['/initialize', { name: 'Gala', totalTickets: 1 }],
      ['/book', { eventId, identifier: 'ann' }],
      ['/cancel', { eventId, identifier: 'ann' }],
    ] as const) {
      const before = await changes();
      const answer = await send(path, body, key).expect(400);
      expect(answer.body.code).toBe('idempotency_key_invalid');
      expect(answer.headers['content-type']).toMatch('application/problem+json');
      expect(await changes()).toBe(before);
    }
  });

  it.each([
    ['one character', '!'],
    ['255 characters', 'x'.repeat(255)],
    ['255 characters in quotes', `"${'y'.repeat(255)}"`],
    ['words in quotes', '"first try, now!"'],
    ['all ASCII punctuation', "!#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"],
  ])('is accepted when it is %s', async (_, key) => {
    const body = { eventId: await open(5), identifier: 'ann' };
    await send('/book', body, key).expect(201);
    expect(isReplay(await send('/book', body, key).expect(201))).toBe(true);
  });

  it('replays a refusal even if a place has become free since', async () => {
    const eventId = await atFullEvent();
    const [key, body] = [uuidV7(), { eventId, identifier: 'bob', onSoldOut: 'refuse' }];
    await send('/book', body, key).expect(409);
    await cancel(eventId, 'holder');
    const late = await send('/book', body, key).expect(409);
    expect([isReplay(late), late.body.code]).toEqual([true, 'sold_out']);
    expect(await bookedAt(eventId)).toBe(0);
    await send('/book', body, uuidV7()).expect(201);
  });

  it('replays the original position even if the waitlist has moved since', async () => {
    const eventId = await atFullEvent();
    await book(eventId, 'bob');
    const [key, body] = [uuidV7(), { eventId, identifier: 'cid' }];
    const first = await send('/book', body, key).expect(201);
    await cancel(eventId, 'bob');
    expect((await send('/book', body, key)).body).toEqual(first.body);
    expect(first.body.waitingEntry.position).toBe(2);
  });

  describe('can be used again after an error without effect', () => {
    it('400: the body was invalid', async () => {
      const [key, eventId] = [uuidV7(), await open(5)];
      await send('/book', { eventId, identifier: 'ann', quantity: 0 }, key).expect(400);
      const answer = await send('/book', { eventId, identifier: 'ann', quantity: 1 }, key);
      expect([answer.status, isReplay(answer)]).toEqual([201, false]);
    });

    it('429: too many requests', async () => {
      const [key, body] = [uuidV7(), { eventId: await open(5), identifier: 'ann' }];
      await send('/book', { ...body, identifier: 'bob' }, undefined, limited);
      await send('/book', body, key, limited).expect(429);
      const answer = await send('/book', body, key);
      expect([answer.status, isReplay(answer)]).toEqual([201, false]);
    });

    it('503: the wait would have been too long', async () => {
      const [key, eventId] = [uuidV7(), await open(5)];
      const body = { eventId, identifier: 'cid' };
      const entering = jest.spyOn(Backlog.prototype, 'enter').mockImplementationOnce(() => {
        throw overloaded(7);
      });
      const refused = await send('/book', body, key).expect(503);
      expect(entering).toHaveBeenCalled();
      expect(refused.body.code).toBe('overloaded');
      expect(refused.headers['retry-after']).toBe('7');
      const answer = await send('/book', body, key);
      expect([answer.status, isReplay(answer)]).toEqual([201, false]);
      expect(await bookedAt(eventId)).toBe(1);
    });
  });

  describe('after a day', () => {
    const ageOf = async (key: string, ms: number): Promise<[object, string]> => {
      const body = { eventId: await open(5), identifier: 'ann' };
      const clock = jest.spyOn(Clock.prototype, 'now');
      clock.mockReturnValue(new Date(Date.now() - ms));
      await send('/book', body, key).expect(201);
      clock.mockRestore();
      return [body, body.eventId];
    };

    it('is deleted by the sweep, but no earlier', async () => {
      const [old, young] = [uuidV7(), uuidV7()];
      const [oldBody, oldEvent] = await ageOf(old, 24 * HOUR_MS + 60_000);
      const [youngBody, youngEvent] = await ageOf(young, 24 * HOUR_MS - 60_000);
      expect(await app.nest.get(IdempotencyJanitor).sweep()).toBe(1);
      expect(isReplay(await send('/book', oldBody, old).expect(201))).toBe(false);
      expect(isReplay(await send('/book', youngBody, young).expect(201))).toBe(true);
      expect([await bookedAt(oldEvent), await bookedAt(youngEvent)]).toEqual([2, 1]);
    });

    const insertExpired = (count: number): Promise<unknown> => {
      const long = new Date(Date.now() - 25 * HOUR_MS);
      const rows = Array.from({ length: count }, (_, index) => {
        const digest = `old-${index}`.padEnd(43, '-');
        return [digest, digest, '{}', long];
      });
      return database.query('INSERT INTO idempotency_keys VALUES ?', [rows]);
    };

    it('is deleted even if there are more than the sweep deletes at a time', async () => {
      await insertExpired(2_500);
      const janitor = app.nest.get(IdempotencyJanitor);
      expect(await janitor.sweep()).toBe(2_500);
      expect(await janitor.sweep()).toBe(0);
    });

    it('is left to the next sweep when the service stops', async () => {
      await insertExpired(2_500);
      const janitor = app.nest.get(IdempotencyJanitor);
      expect(await janitor.sweep(AbortSignal.abort())).toBe(1_000);
      expect(await janitor.sweep()).toBe(1_500);
    });

    it('is deleted by a sweep that runs on its own', async () => {
      const key = uuidV7();
      const [body] = await ageOf(key, 25 * HOUR_MS);
      const workers = new PeriodicWorkers(await app.nest.resolve(PinoLogger));
      const runner = app.nest.get(TransactionRunner);
      expect(new IdempotencyJanitor(runner, workers)).toBeDefined();
      jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
      workers.onApplicationBootstrap();
      jest.advanceTimersByTime(15 * 60_000);
      jest.useRealTimers();
      await eventually('the key to be forgotten', async () => {
        const rows = await database.query('SELECT 1 FROM idempotency_keys WHERE created_at < ?', [
          new Date(Date.now() - 24 * HOUR_MS),
        ]);
        return rows.length === 0;
      });
      await workers.stop();
      expect(isReplay(await send('/book', body, key).expect(201))).toBe(false);
    });
  });
});
