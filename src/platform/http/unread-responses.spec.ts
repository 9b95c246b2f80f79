import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { UnreadResponses } from './unread-responses.js';

/** More than the buffers between two sockets hold. */
const SIZE = 20_000_000;
/** Longer than a busy machine stops this process. */
const STALL_MS = 900;
const SLOW_MS = 20;

describe('UnreadResponses', () => {
  const sockets: Socket[] = [];
  let server: Server;
  let unread: UnreadResponses;

  beforeEach(async () => {
    unread = new UnreadResponses(2.5 * SIZE, STALL_MS);
    server = createServer((request, response) => {
      response.end(request.url === '/large' ? Buffer.alloc(SIZE) : 'small');
      unread.watch(response);
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
  });

  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });

  async function ask(path: string): Promise<Socket> {
    const { port } = server.address() as AddressInfo;
    const socket = connect(port, '127.0.0.1').pause();
    socket.on('error', () => undefined);
    sockets.push(socket);
    await once(socket, 'connect');
    socket.write(`GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`);
    await sleep(STALL_MS / 6);
    return socket;
  }

  /** Connections that the server still has: a client that does not read does not notice the end. */
  const open = (): Promise<number> =>
    new Promise((resolve) => server.getConnections((_error, count) => resolve(count)));

  it('cuts off a client that does not read', async () => {
    await ask('/large');
    expect(await open()).toBe(1);
    // Node looks once whether anything was sent since the response was written.
    while ((await open()) > 0) await sleep(STALL_MS / 10);
    // The server forgets a connection a little before its response reports the end.
    await sleep(STALL_MS / 10);
    expect(unread.totals).toEqual({ bytes: 0, cuts: 1 });
  });

  it('lets a client read slowly, and keeps its connection afterwards', async () => {
    const socket = await ask('/large');
    let received = 0;
    socket.on('data', (chunk: Buffer) => {
      received += chunk.length;
      socket.pause();
      setTimeout(() => socket.resume(), (SLOW_MS * chunk.length) / 200_000);
    });
    const startedAt = performance.now();
    socket.resume();
    while (received < SIZE && !socket.destroyed) await sleep(SLOW_MS);
    expect(received).toBeGreaterThanOrEqual(SIZE);
    expect(performance.now() - startedAt).toBeGreaterThan(2 * STALL_MS);
    await sleep(3 * STALL_MS);
    expect(socket.destroyed).toBe(false);
    expect(await open()).toBe(1);
    expect(unread.totals).toEqual({ bytes: 0, cuts: 0 });
  });

  it('keeps the connections of small responses', async () => {
    await ask('/small');
    await sleep(3 * STALL_MS);
    expect(await open()).toBe(1);
  });

  it('cuts off the oldest when all of them together take too much memory', async () => {
    const [oldest] = [await ask('/large'), await ask('/large'), await ask('/large')];
    while ((await open()) > 2) await sleep(STALL_MS / 10);
    expect(unread.totals.cuts).toBe(1);
    expect(unread.totals.bytes).toBeGreaterThan(SIZE);
    const end = once(oldest, 'close');
    oldest.resume();
    await end;
  });
});
