import { connect, type Socket } from 'node:net';
import { assertInvariants, ServiceProcess, useDatabase } from '../kit/index.js';
import { wallClock } from '../setup/intensity.js';

const IDLE = 10_000;
const AT_ONCE = 500;
const SLOW = 500;
const RUDE = 500;
/** For a request of another client meanwhile, on a machine that runs both sides. */
const MS_MAX = 2_000;
/** A request has 30 s to arrive, and Node checks every 5 s. */
const CUT_MS_MAX = 45_000;

const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

/** Clients that are hostile or careless. */
describe('the service', () => {
  const database = useDatabase();
  let service: ServiceProcess;
  const sockets: Socket[] = [];

  beforeAll(async () => {
    service = await ServiceProcess.start({ DATABASE_URL: database.url });
  });

  afterEach(() => {
    for (const socket of sockets.splice(0)) socket.destroy();
  });

  afterAll(async () => {
    await assertInvariants(database.url);
    expect(await service.stop()).toBe(0);
  });

  function dial(): Promise<Socket> {
    const { port, hostname } = new URL(service.api.baseUrl);
    return new Promise((resolve, reject) => {
      const socket = connect(Number(port), hostname, () => resolve(socket));
      socket.once('error', reject);
      socket.on('error', () => undefined);
      sockets.push(socket);
    });
  }

  async function dialMany(count: number): Promise<Socket[]> {
    const dialled: Socket[] = [];
    while (dialled.length < count) {
      const now = Math.min(AT_ONCE, count - dialled.length);
      dialled.push(...(await Promise.all(range(now).map(dial))));
    }
    return dialled;
  }

  /** Books and reads as a client of its own; returns the time of the slowest request. */
  async function serveOthers(eventId: string, who: string): Promise<number> {
    let slowest = 0;
    for (const nth of range(20)) {
      const startedAt = performance.now();
      const { status } = await service.api.book(eventId, `${who}-${nth}`);
      expect(status).toBe(201);
      expect((await service.api.status(eventId)).status).toBe(200);
      slowest = Math.max(slowest, performance.now() - startedAt);
    }
    return slowest;
  }

  it(`serves other clients beside ${IDLE} connections that send nothing`, async () => {
    const eventId = await service.api.open(1_000);
    const idle = await dialMany(IDLE);
    expect(idle).toHaveLength(IDLE);
    expect(await serveOthers(eventId, 'beside-idle')).toBeLessThan(wallClock(MS_MAX));
  });

  it(`serves other clients beside ${SLOW} requests that never finish, and ends those`, async () => {
    const eventId = await service.api.open(1_000);
    const slow = await dialMany(SLOW);
    const ended = slow.map((socket) => new Promise((resolve) => socket.once('close', resolve)));
    for (const [nth, socket] of slow.entries()) {
      socket.resume();
      // Half of them stop in the headers, half in the body.
      const body = nth % 2 === 0 ? '' : 'Content-Length: 100\r\n\r\n{"eventId"';
      socket.write(
        `POST /book HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n${body}`,
      );
    }
    const drip = setInterval(() => {
      for (const [nth, socket] of slow.entries()) socket.write(nth % 2 === 0 ? 'X-A: b\r\n' : ' ');
    }, 1_000);
    try {
      expect(await serveOthers(eventId, 'beside-slow')).toBeLessThan(wallClock(MS_MAX));
      const startedAt = performance.now();
      await Promise.all(ended);
      expect(performance.now() - startedAt).toBeLessThan(CUT_MS_MAX);
    } finally {
      clearInterval(drip);
    }
  }, 120_000);

  it(`serves other clients while ${RUDE} clients disconnect before their answer`, async () => {
    const eventId = await service.api.open(10_000);
    const rude = await dialMany(RUDE);
    for (const [nth, socket] of rude.entries()) {
      const body = JSON.stringify({ eventId, identifier: `rude-${nth}` });
      const head = `Host: localhost\r\nContent-Type: application/json\r\nContent-Length: ${body.length}`;
      socket.write(`POST /book HTTP/1.1\r\n${head}\r\n\r\n${body}`, () => socket.destroy());
    }
    expect(await serveOthers(eventId, 'beside-rude')).toBeLessThan(wallClock(MS_MAX));
    await service.api.audit(eventId);
  });
});
