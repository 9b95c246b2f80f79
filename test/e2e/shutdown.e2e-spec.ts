import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { ServiceProcess, useDatabase } from '../kit/index.js';
import { connectTo } from '../kit/connect.js';
import { lockWaitsIn } from '../kit/transactions.js';
import { logWatch } from '../kit/log-watch.js';
import { eventually } from '../kit/eventually.js';

const opened = async (url: string): Promise<Socket> => {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  return socket;
};

/** A connection that sends one request after another, as a proxy does. */
class KeptConnection {
  isClosed = false;

  private constructor(private readonly socket: Socket) {
    socket.on('error', () => undefined);
    socket.once('close', () => (this.isClosed = true));
  }

  static async to(url: string): Promise<KeptConnection> {
    return new KeptConnection(await opened(url));
  }

  /** @returns status line and headers */
  async get(path: string): Promise<string> {
    this.socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
    const [answer] = (await once(this.socket, 'data')) as [Buffer];
    return answer.toString().split('\r\n\r\n')[0]!;
  }

  end(): void {
    this.socket.destroy();
  }
}

function bookingOf(eventId: string): string {
  const body = JSON.stringify({ eventId, identifier: 'ann' });
  logWatch.values.addRequest({ path: '/book', headers: {}, body });
  return (
    `POST /book HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n` +
    `Content-Length: ${body.length}\r\n\r\n${body}`
  );
}

const isRefused = (url: string): Promise<boolean> =>
  opened(url).then(
    (socket) => {
      socket.destroy();
      return false;
    },
    () => true,
  );

describe('shutting down', () => {
  const database = useDatabase();

  const start = (environment: NodeJS.ProcessEnv = {}): Promise<ServiceProcess> =>
    ServiceProcess.start({ DATABASE_URL: database.url, ...environment });

  it('waits neither for clients that hung up nor for silent ones', async () => {
    const service = await start();
    const eventId = await service.api.open(10);
    for (let hangUps = 0; hangUps < 3; hangUps += 1) {
      const socket = await opened(service.api.baseUrl);
      socket.write(bookingOf(eventId));
      socket.destroySoon();
    }
    const half = await opened(service.api.baseUrl);
    half.write(
      `POST /book HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{`,
    );
    half.destroySoon();
    const silent = await opened(service.api.baseUrl);
    silent.on('error', () => undefined);
    expect((await service.api.status(eventId)).status).toBe(200);
    const begin = performance.now();
    expect(await service.stop()).toBe(0);
    expect(performance.now() - begin).toBeLessThan(5_000);
    silent.destroy();
  });

  it('lets a batch end whose clients hung up before it closes its connections to the database', async () => {
    const service = await start();
    const eventId = await service.api.open(10);
    const holder = await connectTo(database.url);
    await holder.beginTransaction();
    await holder.query('SELECT id FROM sections WHERE event_id = ? FOR UPDATE', [eventId]);
    const client = await opened(service.api.baseUrl);
    client.write(bookingOf(eventId));
    await eventually('the lock wait', async () => (await lockWaitsIn(database)) === 1);
    client.destroy();
    const begin = performance.now();
    const stopped = service.stop();
    await eventually('no new connection', () => isRefused(service.api.baseUrl));
    await sleep(300);
    await holder.end();
    expect(await stopped).toBe(0);
    expect(performance.now() - begin).toBeLessThan(3_000);
    expect(
      await database.query('SELECT available FROM sections WHERE event_id = ?', [eventId]),
    ).toEqual([{ available: 9 }]);
  });

  it('leaves idle connections to their clients and answers requests on them', async () => {
    const service = await start({ SHUTDOWN_IDLE_SECONDS: '10' });
    const { baseUrl } = service.api;
    const [used, idle] = [await KeptConnection.to(baseUrl), await KeptConnection.to(baseUrl)];
    expect(await used.get('/health/ready')).not.toContain('close');
    await idle.get('/health/ready');
    const begin = performance.now();
    const stopped = service.stop();
    await eventually('no new connection', () => isRefused(baseUrl));
    expect([used.isClosed, idle.isClosed]).toEqual([false, false]);
    const answer = await used.get('/health/ready');
    expect(answer).toMatch(/^HTTP\/1.1 503 /);
    expect(answer.toLowerCase()).toContain('\r\nconnection: close');
    await eventually('the end of the connection that was used', () => used.isClosed);
    expect(idle.isClosed).toBe(false);
    idle.end();
    expect(await stopped).toBe(0);
    // It ended with the last connection, not when the time was up.
    expect(performance.now() - begin).toBeLessThan(8_000);
  });

  it('closes idle connections itself if their clients do not', async () => {
    const service = await start({ SHUTDOWN_IDLE_SECONDS: '1' });
    const idle = await KeptConnection.to(service.api.baseUrl);
    await idle.get('/health/ready');
    const begin = performance.now();
    expect(await service.stop()).toBe(0);
    const took = performance.now() - begin;
    expect(idle.isClosed).toBe(true);
    expect(took).toBeGreaterThan(900);
    expect(took).toBeLessThan(5_000);
  });

  it('gives load balancers time to notice', async () => {
    const service = await start({ SHUTDOWN_DELAY_SECONDS: '2' });
    const { baseUrl } = service.api;
    const eventId = await service.api.open(1);
    const begin = performance.now();
    const stopped = service.stop();
    await eventually('unreadiness', async () => {
      return (await service.api.get('/health/ready')).status === 503;
    });
    const fresh = await KeptConnection.to(baseUrl);
    const answer = await fresh.get(`/status/${eventId}`);
    expect(answer).toMatch(/^HTTP\/1.1 200 /);
    expect(answer.toLowerCase()).not.toContain('connection: close');
    expect(performance.now() - begin).toBeLessThan(2_000);
    expect(await stopped).toBe(0);
    expect(performance.now() - begin).toBeGreaterThan(1_900);
    fresh.end();
  });

  it('does not wait on SIGINT', async () => {
    const waits = { SHUTDOWN_IDLE_SECONDS: '20', SHUTDOWN_DELAY_SECONDS: '20' };
    const service = await start(waits);
    const idle = await KeptConnection.to(service.api.baseUrl);
    await idle.get('/health/ready');
    const begin = performance.now();
    process.kill(service.pid, 'SIGINT');
    await eventually('the end', () => isRefused(service.api.baseUrl));
    await eventually('the end of the connection', () => idle.isClosed);
    await eventually('the end of the process', () => service.hasEnded);
    expect(performance.now() - begin).toBeLessThan(5_000);
    expect(await service.stop()).toBe(0);
  });
});
