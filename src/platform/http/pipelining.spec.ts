import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Pipelining } from './pipelining.js';

const LIMIT = 50;
const LIMIT_OF_ALL = 80;
const QUIET_MS = 50;

const get = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`;

const post = (path: string, body: string, headers = ''): string =>
  `POST ${path} HTTP/1.1\r\nHost: a\r\nContent-Length: ${body.length}\r\n${headers}\r\n${body}`;

describe('Pipelining', () => {
  const sockets: Socket[] = [];
  let server: Server;
  /** Begun and not yet answered, by path. */
  let begun: Map<string, ServerResponse>;
  let order: string[];

  beforeEach(async () => {
    begun = new Map();
    order = [];
    const pipelining = new Pipelining(LIMIT, LIMIT_OF_ALL);
    server = createServer((request, response) => {
      const begin = (): void => {
        order.push(request.url!);
        begun.set(request.url!, response);
      };
      if (response.socket === null) pipelining.hold(response, begin);
      else begin();
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
  });

  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });

  async function dial(): Promise<Socket & { received: string }> {
    const { port } = server.address() as AddressInfo;
    const socket = Object.assign(connect(port, '127.0.0.1'), { received: '' });
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => (socket.received += chunk.toString()));
    sockets.push(socket);
    await once(socket, 'connect');
    return socket;
  }

  async function answer(path: string): Promise<void> {
    while (!begun.has(path)) await sleep(1);
    const response = begun.get(path)!;
    begun.delete(path);
    const chunks: Buffer[] = [];
    for await (const chunk of response.req) chunks.push(chunk as Buffer);
    response.end(`${path}:${Buffer.concat(chunks).toString()};`);
  }

  const bodies = (text: string): string => text.match(/\/\w+:\w*;/g)?.join('') ?? '';

  const until = async (isTrue: () => boolean): Promise<void> => {
    while (!isTrue()) await sleep(1);
  };

  it('begins a request only when the response before it was sent', async () => {
    const socket = await dial();
    socket.write(get('/a') + get('/b') + get('/c'));
    for (const path of ['/a', '/b', '/c']) {
      await sleep(QUIET_MS);
      expect([...begun.keys()]).toEqual([path]);
      await answer(path);
    }
    await until(() => bodies(socket.received) === '/a:;/b:;/c:;');
  });

  it('reads bodies whole, also one that arrives while its request waits', async () => {
    const socket = await dial();
    const large = 'x'.repeat(300_000);
    socket.write(post('/a', 'one') + post('/b', 'two') + post('/c', large) + get('/d'));
    await sleep(QUIET_MS);
    for (const path of ['/a', '/b', '/c', '/d']) await answer(path);
    await until(() => bodies(socket.received) === `/a:one;/b:two;/c:${large};/d:;`);
  });

  it('asks for the body that a client announces only when it is the turn of its request', async () => {
    const socket = await dial();
    const [head, body] = ['Expect: 100-continue\r\n', 'later'];
    socket.write(get('/a') + post('/b', body, head).slice(0, -body.length));
    await sleep(QUIET_MS);
    expect(socket.received).toBe('');
    await answer('/a');
    await until(() => socket.received.includes('100 Continue'));
    expect(bodies(socket.received)).toBe('/a:;');
    socket.write(body);
    await answer('/b');
    await until(() => bodies(socket.received) === '/a:;/b:later;');
  });

  it('does not read a connection while requests wait', async () => {
    const socket = await dial();
    socket.write(get('/a') + get('/b'));
    await sleep(QUIET_MS);
    // Far more than the limit, but nothing reads them.
    socket.write(get('/c').repeat(4 * LIMIT));
    await sleep(QUIET_MS);
    expect(order).toEqual(['/a']);
    expect(socket.destroyed).toBe(false);
  });

  it('serves any number of requests, as long as few are outstanding', async () => {
    const socket = await dial();
    const paths = Array.from({ length: 6 * LIMIT }, (_, nth) => `/n${nth}`);
    socket.write(paths.slice(0, LIMIT).map(get).join(''));
    for (const [nth, path] of paths.entries()) {
      await answer(path);
      if (nth + LIMIT < paths.length) socket.write(get(paths[nth + LIMIT]!));
    }
    expect(order).toEqual(paths);
  });

  it.each([
    ['one connection', [LIMIT + 2]],
    ['all connections together', [LIMIT, LIMIT]],
  ])('cuts a connection with too many requests of %s', async (_, counts) => {
    const clients = await Promise.all(counts.map(dial));
    for (const [nth, client] of clients.entries()) {
      if (nth > 0) await sleep(QUIET_MS);
      client.write(get('/n').repeat(counts[nth]!));
    }
    await until(() => clients.at(-1)!.destroyed);
    expect(clients.filter(({ destroyed }) => destroyed)).toHaveLength(1);
  });

  it('begins no more for a client that has gone than it takes to notice', async () => {
    for (const path of ['/a', '/b', '/c', '/d']) {
      const socket = await dial();
      socket.write(get(path) + get('/next').repeat(LIMIT - 2));
      await until(() => begun.has(path));
      await sleep(QUIET_MS);
      socket.destroy();
      await answer(path);
      await answer('/next');
      await sleep(QUIET_MS);
    }
    // All four together would be over the limit if they still counted.
    expect(order.length).toBeLessThan(16);
  });
});
