import { assertInvariants, ServiceProcess, useDatabase } from '../../kit/index.js';
import { eventually } from '../../kit/eventually.js';
import { type Fault, type FaultOptions, TcpProxy } from '../../kit/tcp-proxy.js';
import { openTransactionsIn } from '../../kit/transactions.js';

export const COMMIT = /^COMMIT/;

type Cut = (proxy: TcpProxy, at: RegExp, options?: FaultOptions) => Fault;

/** The moments at which the connection of a statement breaks. */
export const CUTS: [string, Cut][] = [
  ['before it reached the server', (proxy, at, options) => proxy.cutBefore(at, options)],
  ['before its answer came', (proxy, at, options) => proxy.cutAfter(at, options)],
  ['and delivered late', (proxy, at, options) => proxy.cutButDeliver(at, 250, options)],
];

export interface EventBody {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly totalTickets: number;
  readonly bookedTickets: number;
  readonly waitingListCount: number;
}

interface Parts {
  readonly database: ReturnType<typeof useDatabase>;
  readonly proxy: TcpProxy;
  readonly service: ServiceProcess;
  /** Opens an event with two places, and returns its id. */
  open(more?: object): Promise<string>;
}

/** A service behind a proxy that can cut its connections; every test must leave its data in order. */
export function useServiceBehindProxy(): Parts {
  const database = useDatabase();
  let proxy: TcpProxy;
  let service: ServiceProcess;

  beforeAll(async () => {
    proxy = await TcpProxy.inFrontOf(database.url);
    service = await ServiceProcess.start({ DATABASE_URL: proxy.url, DATABASE_POOL_SIZE: '4' });
  });

  afterEach(async () => {
    await assertInvariants(database.url);
    await eventually('no transaction open', async () => (await openTransactionsIn(database)) === 0);
  });

  afterAll(async () => {
    expect(await service.stop()).toBe(0);
    await proxy.close();
  });

  return {
    database,
    get proxy() {
      return proxy;
    },
    get service() {
      return service;
    },
    open: async (more = {}) => {
      const body = { name: 'Gala', totalTickets: 2, ...more };
      return (await service.api.post('/v1/events', body)).body.id;
    },
  };
}
