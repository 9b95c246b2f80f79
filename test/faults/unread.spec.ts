import { execFileSync } from 'node:child_process';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { openSeated, ServiceProcess, useDatabase } from '../kit/index.js';
import { isFull, wallClock } from '../setup/intensity.js';

const SEATS = { rows: 20, perRow: 500 };
/** Far below what the heap limit alone would allow. */
const RSS_MB_MAX = 400;
const LIVE_MS_MAX = 1_000;
const ATTACK_MS = isFull ? 15_000 : 5000;
const SAMPLE_MS = 200;

/** What the service must bear from clients that ask for much and read nothing. */
describe('clients that do not read', () => {
  const database = useDatabase();
  const sockets: Socket[] = [];
  let service: ServiceProcess;
  let request: string;

  beforeAll(async () => {
    // As `npm start` does.
    const NODE_OPTIONS = '--max-old-space-size=512';
    service = await ServiceProcess.start({ DATABASE_URL: database.url, NODE_OPTIONS });
    const { eventId } = await openSeated(service.api.baseUrl, SEATS);
    request = `GET /v1/events/${eventId}/seats?limit=1000 HTTP/1.1\r\nHost: localhost\r\n\r\n`;
  });

  afterEach(() => {
    for (const socket of sockets.splice(0)) socket.destroy();
  });

  afterAll(async () => {
    expect(await service.stop()).toBe(0);
  });

  /** Sends this on a connection, and never reads from it. */
  function send(text: string): void {
    const { port, hostname } = new URL(service.api.baseUrl);
    const socket = connect(Number(port), hostname).pause();
    socket.on('error', () => undefined);
    socket.write(text);
    sockets.push(socket);
  }

  const rssMb = (): number =>
    Number(execFileSync('ps', ['-o', 'rss=', '-p', String(service.pid)]).toString()) / 1024;

  it.each([
    ['10 connections with 100 requests each', 10, 100],
    ['1,000 connections with one request each', 1_000, 1],
  ])(
    'take neither memory nor time: %s',
    async (_, connections, requests) => {
      // A load balancer has its connection already.
      await service.api.get('/health/live');
      for (let nth = 0; nth < connections; nth += 1) send(request.repeat(requests));
      const seen = { rssMb: 0, liveMs: 0 };
      for (const until = performance.now() + ATTACK_MS; performance.now() < until;) {
        const startedAt = performance.now();
        expect((await service.api.get('/health/live')).status).toBe(200);
        seen.liveMs = Math.max(seen.liveMs, performance.now() - startedAt);
        seen.rssMb = Math.max(seen.rssMb, rssMb());
        await sleep(SAMPLE_MS);
      }
      expect(seen.rssMb).toBeLessThan(RSS_MB_MAX);
      expect(seen.liveMs).toBeLessThan(wallClock(LIVE_MS_MAX));
    },
    60_000,
  );
});
