import { once } from 'node:events';
import { type AddressInfo, connect, type Socket } from 'node:net';
import request from 'supertest';
import { useApp, useDatabase } from '../kit/index.js';

const STATUS_LINE = /HTTP\/1\.1 \d{3}/g;

describe('pipelined requests', () => {
  const app = useApp(useDatabase());

  async function open(totalTickets: number): Promise<string> {
    const body = { name: 'First night', totalTickets };
    const opened = await request(app.server).post('/initialize').send(body).expect(201);
    return opened.body.id as string;
  }

  function bookingOf(eventId: string, identifier: string, headers = ''): string {
    const body = JSON.stringify({ eventId, identifier });
    const type = `Content-Type: application/json\r\nContent-Length: ${body.length}`;
    return `POST /book HTTP/1.1\r\nHost: localhost\r\n${type}\r\n${headers}\r\n${body}`;
  }

  const read = (path: string, headers = ''): string =>
    `GET ${path} HTTP/1.1\r\nHost: localhost\r\n${headers}\r\n`;

  const LAST = 'Connection: close\r\n';

  /** Sends this at once, and returns all that comes back until the service closes the connection. */
  async function exchange(text: string): Promise<string> {
    const socket: Socket = connect((app.server.address() as AddressInfo).port, '127.0.0.1');
    let received = '';
    socket.on('data', (chunk) => (received += chunk.toString()));
    socket.on('error', () => undefined);
    socket.write(text);
    await once(socket, 'close');
    return received;
  }

  const statusesIn = (received: string): number[] =>
    (received.match(STATUS_LINE) ?? []).map((line) => Number(line.slice(-3)));

  it('are carried out one after the other, and answered in their order', async () => {
    const eventId = await open(1);
    const received = await exchange(
      bookingOf(eventId, 'ann') +
        bookingOf(eventId, 'bob') +
        bookingOf(eventId, 'bob') +
        read('/nothing') +
        bookingOf(eventId, 'cleo', 'Expect: 100-continue\r\n') +
        read(`/status/${eventId}`, LAST),
    );
    expect(statusesIn(received)).toEqual([201, 201, 409, 404, 100, 201, 200]);
    // Each sees what those before it have done.
    expect(received).toContain('"code":"already_waiting"');
    expect(received).toMatch(/"availableTickets":0,.*"waitingListCount":2/);
  });

  it('end with a response that closes the connection', async () => {
    const eventId = await open(2);
    const received = await exchange(bookingOf(eventId, 'ann', LAST) + bookingOf(eventId, 'bob'));
    expect(statusesIn(received)).toEqual([201]);
    const { body } = await request(app.server).get(`/status/${eventId}`);
    expect(body.availableTickets).toBe(1);
  });

  it('are answered although what follows them is not HTTP', async () => {
    const eventId = await open(1);
    const received = await exchange(`${bookingOf(eventId, 'ann')}no HTTP at all\r\n\r\n`);
    expect(statusesIn(received)).toEqual([201]);
  });
});
