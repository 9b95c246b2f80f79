import { setTimeout as pause } from 'node:timers/promises';
import { assertInvariants, ServiceProcess } from '../kit/index.js';
import { eventually } from '../kit/eventually.js';
import type { Answer } from '../kit/api.js';
import { OwnServer } from './support/own-server.js';
import { SmallDisk } from './support/small-disk.js';

/** The logs of the server, and some data. */
const MEBIBYTES = 900;

/** MySQL tries to continue its binary log once a minute. */
const BACK_MS_MAX = 90_000;

/** MariaDB 10.11 aborts if the disk fills up within a statement that inserts several rows. */
const PLACES = 1;

describe('a database on a full disk', () => {
  let disk: SmallDisk;
  let server: OwnServer;
  let service: ServiceProcess;
  beforeAll(async () => {
    server = await OwnServer.start((data) => (disk = new SmallDisk(data, MEBIBYTES)));
    service = await ServiceProcess.start({ DATABASE_URL: server.url });
  });
  afterAll(async () => {
    disk.clear();
    await service.stop();
    try {
      await assertInvariants(server.url);
    } finally {
      await server.stop();
    }
    disk.unmount();
    server.remove();
  });

  const ready = async (): Promise<Answer<{ readonly checks: Readonly<Record<string, string>> }>> =>
    service.api.get('/health/ready') as never;

  it('answers 503, is not ready, and serves again once there is space', async () => {
    const body = { name: 'Gala', totalTickets: 1_000_000 };
    const eventId = (await service.api.post('/initialize', body)).body.id;
    let people = 0;
    const book = (): Promise<Answer> => {
      people += 1;
      const identifier = `person-${people}`;
      return service.api.post('/book', { eventId, identifier, quantity: PLACES });
    };
    expect((await book()).status).toBe(201);
    disk.fill();
    let last: Answer;
    do last = await book();
    while (last.status === 201);
    expect([last.status, last.headers['retry-after']]).toEqual([503, '1']);
    expect(['database_unavailable', 'outcome_unknown']).toContain(last.body.code);
    // As long as the disk is full, also without further requests.
    for (let nth = 0; nth < 8; nth += 1) {
      const { status, body: answer } = await ready();
      expect(status).toBe(503);
      expect(['full', 'failing']).toContain(answer.checks['writes']);
      await pause(1_000);
    }
    disk.clear();
    await eventually('ready again', async () => (await ready()).status === 200, BACK_MS_MAX);
    expect((await book()).status).toBe(201);
  });
});
