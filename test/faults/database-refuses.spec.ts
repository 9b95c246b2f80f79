import { assertInvariants, ServiceProcess } from '../kit/index.js';
import { eventually } from '../kit/eventually.js';
import type { Answer, Api } from '../kit/api.js';
import { OwnServer } from './support/own-server.js';

const BACK_MS_MAX = 15_000;

/** What an operator does to the server, and what ends it. */
interface Refusal {
  readonly name: string;
  readonly on?: 'MariaDB' | 'MySQL';
  readonly begin: readonly string[];
  readonly end: readonly string[];
}

/** No booking can be committed: 503. */
const REFUSALS: readonly Refusal[] = [
  {
    name: 'offline_mode',
    on: 'MySQL',
    begin: ['SET GLOBAL offline_mode = ON'],
    end: ['SET GLOBAL offline_mode = OFF'],
  },
  {
    name: 'another password',
    begin: ["ALTER USER service@localhost IDENTIFIED BY 'the-second-password'"],
    end: ["ALTER USER service@localhost IDENTIFIED BY 'the-first-password'"],
  },
  {
    name: 'a locked account',
    begin: ['ALTER USER service@localhost ACCOUNT LOCK'],
    end: ['ALTER USER service@localhost ACCOUNT UNLOCK'],
  },
  {
    name: 'an expired password',
    begin: ['ALTER USER service@localhost PASSWORD EXPIRE'],
    end: ["ALTER USER service@localhost IDENTIFIED BY 'the-first-password'"],
  },
  {
    name: 'a limit on the statements of the user',
    begin: ['ALTER USER service@localhost WITH MAX_QUERIES_PER_HOUR 1'],
    end: ['ALTER USER service@localhost WITH MAX_QUERIES_PER_HOUR 0', 'FLUSH USER_RESOURCES'],
  },
  {
    name: 'read_only',
    on: 'MariaDB',
    begin: ['SET GLOBAL read_only = ON'],
    end: ['SET GLOBAL read_only = OFF'],
  },
  {
    name: 'super_read_only',
    on: 'MySQL',
    begin: ['SET GLOBAL super_read_only = ON'],
    end: ['SET GLOBAL read_only = OFF'],
  },
  {
    name: 'read-only transactions',
    begin: ['SET GLOBAL TRANSACTION READ ONLY'],
    end: ['SET GLOBAL TRANSACTION READ WRITE'],
  },
  {
    name: 'a revoked privilege',
    begin: ['REVOKE UPDATE ON rowlock.* FROM service@localhost'],
    end: ['GRANT UPDATE ON rowlock.* TO service@localhost'],
  },
];

/** The service has settings of its own. */
const HARMLESS: readonly Refusal[] = [
  {
    name: 'a tiny max_statement_time',
    on: 'MariaDB',
    begin: ['SET GLOBAL max_statement_time = 0.00001'],
    end: ['SET GLOBAL max_statement_time = 0'],
  },
  {
    name: 'a tiny max_execution_time',
    on: 'MySQL',
    begin: ['SET GLOBAL max_execution_time = 1'],
    end: ['SET GLOBAL max_execution_time = 0'],
  },
  {
    name: 'another sql_mode',
    begin: ["SET GLOBAL sql_mode = 'ANSI,NO_BACKSLASH_ESCAPES,PAD_CHAR_TO_FULL_LENGTH'"],
    end: ['SET GLOBAL sql_mode = DEFAULT'],
  },
  {
    name: 'autocommit off',
    begin: ['SET GLOBAL autocommit = OFF'],
    end: ['SET GLOBAL autocommit = ON'],
  },
  {
    name: 'chained transactions and a limit on rows',
    begin: ["SET GLOBAL completion_type = 'CHAIN'", 'SET GLOBAL sql_select_limit = 1'],
    end: ["SET GLOBAL completion_type = 'NO_CHAIN'", 'SET GLOBAL sql_select_limit = DEFAULT'],
  },
];

describe('a database that says no', () => {
  let server: OwnServer;
  let service: ServiceProcess;
  let eventId: string;
  let people = 0;

  beforeAll(async () => {
    server = await OwnServer.start();
    service = await ServiceProcess.start({ DATABASE_URL: server.url, DATABASE_POOL_SIZE: '4' });
    const body = { name: 'Gala', totalTickets: 10_000 };
    eventId = (await service.api.post('/initialize', body)).body.id;
  });

  afterAll(async () => {
    expect(await service.stop()).toBe(0);
    await assertInvariants(server.url);
    await server.stop();
    server.remove();
  });

  const book = (): Promise<Answer> => {
    people += 1;
    return service.api.post('/book', { eventId, identifier: `person-${people}`, quantity: 40 });
  };
  const ready = (): Promise<Answer> => service.api.get('/health/ready');

  /** One request of each kind: bookings, changes of events, short and expensive reads. */
  const requests = (api: Api): Promise<Answer>[] => [
    book(),
    api.post('/v1/events', { name: 'Gala', totalTickets: 1 }),
    api.get(`/status/${eventId}`),
    api.get(`/v1/bookings?eventId=${eventId}`),
    api.get(`/v1/events/${eventId}/audit`),
  ];

  const isHere = ({ on }: Refusal): boolean =>
    on === undefined || (on === 'MariaDB') === server.isMariaDb;

  const during = async (refusal: Refusal, check: () => Promise<void>): Promise<void> => {
    // The other engine has no such thing.
    if (!isHere(refusal)) return;
    await server.execute(...refusal.begin);
    await server.cutConnections();
    try {
      await check();
    } finally {
      await server.execute(...refusal.end);
    }
    await eventually('ready again', async () => (await ready()).status === 200, BACK_MS_MAX);
    expect((await book()).status).toBe(201);
  };

  it.each(REFUSALS)('gets no 500 out of $name, and is not ready until it ends', (refusal) =>
    during(refusal, async () => {
      const booked = await book();
      expect([booked.status, booked.body.code]).toEqual([503, 'database_unavailable']);
      expect(booked.headers['retry-after']).toBe('1');
      for (const { status, headers } of await Promise.all(requests(service.api))) {
        expect(status).not.toBe(500);
        if (status === 503) expect(Number(headers['retry-after'])).toBeGreaterThan(0);
      }
      expect((await ready()).status).toBe(503);
    }),
  );

  it.each(HARMLESS)('serves in spite of $name', (refusal) =>
    during(refusal, async () => {
      const statuses = (await Promise.all(requests(service.api))).map(({ status }) => status);
      expect(statuses).toEqual([201, 201, 200, 200, 200]);
      expect((await ready()).status).toBe(200);
    }),
  );
});
