import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Crowd } from '../../../bench/load/crowd.js';
import { Overload } from '../../../bench/load/overload.js';
import { Unread } from '../../../bench/load/unread.js';

const servers: Server[] = [];

/** @returns the target of a server that answers like this */
async function serve(answer: RequestListener) {
  const server = createServer(answer).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return { host: '127.0.0.1', port: (server.address() as AddressInfo).port };
}

const WORKLOAD = { kind: 'book', eventIds: ['event'], prefix: 'p-' } as const;
const BOOKED = '{"waitlisted":false}';

/** Without `Content-Length`, Node would send chunks, which the generator does not read. */
const book: RequestListener = (request, response) => {
  request.resume();
  response.writeHead(201, { 'Content-Length': BOOKED.length }).end(BOOKED);
};

describe('load generator of the benchmark', () => {
  afterEach(() => {
    for (const server of servers.splice(0)) server.close().closeAllConnections();
  });

  it('lets a refused person of a crowd ask again after Retry-After', async () => {
    let asked = 0;
    const target = await serve((request, response) => {
      asked += 1;
      if (asked > 10) return book(request, response);
      const body = '{"error":{"code":"overloaded"}}';
      response.writeHead(503, { 'Retry-After': '1', 'Content-Length': body.length }).end(body);
    });
    const result = await new Crowd({
      loop: 'crowd',
      target,
      workload: WORKLOAD,
      people: 20,
    }).run();
    expect(result.answers).toEqual({ 'HTTP 503 overloaded': 10, booked: 20 });
    expect(result.latency.count).toBe(20);
    expect(result.latency.max).toBeGreaterThanOrEqual(500);
    expect(result.perStep.reduce((sum, count) => sum + count, 0)).toBe(20);
  });

  it('counts the people of a crowd who lost their connection', async () => {
    const target = await serve((request) => request.destroy());
    const plan = { loop: 'crowd', target, workload: WORKLOAD, people: 3 } as const;
    const { answers } = await new Crowd(plan).run();
    expect(answers).toEqual({ 'connection lost': 3 });
  });

  it('sends no arrival of an overload for which no connection is free', async () => {
    const target = await serve((request, response) => {
      setTimeout(() => book(request, response), 50);
    });
    const result = await new Overload({
      loop: 'overload',
      target,
      workload: WORKLOAD,
      connections: 2,
      arrivalsPerSecond: 1_000,
      seconds: 0.3,
      after: { connections: 1, seconds: 0.2 },
    }).run();
    const { booked = 0, 'not sent': notSent = 0 } = result.answers;
    expect(booked).toBeGreaterThan(2);
    expect(booked).toBeLessThan(30);
    expect(notSent).toBeGreaterThan(250);
    // The rate counts the overload alone, the steps also what follows it.
    expect(result.completed).toBeLessThan(booked);
    expect(result.perStep.reduce((sum, count) => sum + count, 0)).toBe(booked);
  });

  it('tells connections that were cut off from those that were left open', async () => {
    let requests = 0;
    const target = await serve((request, response) => {
      requests += 1;
      if (requests > 1) request.socket.resetAndDestroy();
      else response.write('never read');
    });
    const { answers } = await new Unread({
      loop: 'unread',
      target,
      path: '/seats',
      connections: 3,
      requestsPerConnection: 1,
      seconds: 0.3,
    }).run();
    expect(answers).toEqual({ 'left open': 1, 'cut off': 2 });
  });
});
