import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Drain } from './drain.js';

const REQUEST = 'GET / HTTP/1.1\r\nHost: here\r\n\r\n';
/** More than the buffers between two sockets hold. */
const ANSWER = Buffer.alloc(20_000_000);
const MS_MAX = 300;

describe('Drain', () => {
  const sockets: Socket[] = [];
  let server: Server;

  beforeAll(async () => {
    server = createServer((request, answer) => {
      drain.begin(answer);
      answer.once('finish', () => drain.end(answer));
      answer.end(request.url === '/' ? ANSWER : 'short');
    }).listen(0, '127.0.0.1');
    const drain = new Drain(server, MS_MAX, 20);
    await once(server, 'listening');
  });

  afterAll(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  });

  async function send(text: string): Promise<Socket> {
    const { port } = server.address() as AddressInfo;
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => undefined);
    sockets.push(socket);
    await once(socket, 'connect');
    socket.write(text);
    return socket;
  }

  it.each([
    ['one request', REQUEST],
    ['several pipelined requests', REQUEST.repeat(5)],
  ])('closes the connection of a client that does not read its answer: %s', async (_, text) => {
    const socket = await send(text);
    await sleep(MS_MAX / 2);
    expect(socket.destroyed).toBe(false);
    // A client that never reads does not notice the end before it reads.
    await sleep(MS_MAX);
    const [open] = await new Promise<[number]>((resolve) => {
      server.getConnections((_error, count) => resolve([count]));
    });
    expect(open).toBe(0);
  });

  it('keeps an idle connection whose answer was read', async () => {
    const socket = await send(REQUEST.replace(' / ', ' /short '));
    socket.resume();
    await sleep(2 * MS_MAX);
    expect(socket.destroyed).toBe(false);
  });
});
