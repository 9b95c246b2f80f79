import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LoadResult, UnreadPlan } from './plan.js';
import { Recorder } from './recorder.js';
import { Requests } from './workloads.js';

/** Clients that send requests and never read: their answers pile up in the service, if it lets them. */
export class Unread {
  constructor(private readonly plan: UnreadPlan) {}

  async run(): Promise<Omit<LoadResult, 'generatorCpu'>> {
    const { target, path, connections, requestsPerConnection, seconds } = this.plan;
    const requests = new Requests(target).get(path).repeat(requestsPerConnection);
    const startedAt = performance.now();
    const sockets = Array.from({ length: connections }, () => this.send(requests));
    await sleep(seconds * 1000);
    const open = countOpen(sockets);
    for (const socket of sockets) socket.destroy();
    const recorder = new Recorder(startedAt, startedAt + seconds * 1000);
    Object.assign(recorder.answers, { 'left open': open, 'cut off': connections - open });
    return recorder.result(false);
  }

  private send(requests: string): Socket {
    const { host, port } = this.plan.target;
    const socket = connect({ host, port });
    // Before the connection is open: otherwise Node reads the first bytes into its own buffer.
    socket.pause();
    socket.on('error', () => undefined);
    socket.write(requests);
    return socket;
  }
}

const ESTABLISHED = '01';

/** Asks the kernel: a socket that nobody reads does not learn that it was closed. */
function countOpen(sockets: readonly Socket[]): number {
  const ports = new Set<number | undefined>();
  for (const line of readFileSync('/proc/net/tcp', 'utf8').split('\n').slice(1)) {
    const [, local, , state] = line.trim().split(/ +/);
    if (state === ESTABLISHED) ports.add(Number.parseInt(local!.split(':')[1]!, 16));
  }
  return sockets.filter(({ localPort }) => ports.has(localPort)).length;
}
