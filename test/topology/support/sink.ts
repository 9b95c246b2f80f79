import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';

/** Stands in for an instance that takes requests and never answers. */
export interface Sink {
  readonly port: number;
  requests(): number;
  /** The headers of the last request. */
  headers(): http.IncomingHttpHeaders;
  close(): void;
}

export async function sink(): Promise<Sink> {
  let requests = 0;
  let headers: http.IncomingHttpHeaders = {};
  const server = http.createServer((request) => {
    requests += 1;
    headers = request.headers;
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    requests: () => requests,
    headers: () => headers,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
