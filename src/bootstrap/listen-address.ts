import { once } from 'node:events';
import { connect, createServer } from 'node:net';

/** The service cannot listen where it should; the message says why, and what to change. */
export class PortError extends Error {}

const REASONS: Readonly<Record<string, string>> = {
  EADDRNOTAVAIL: 'is no address of this machine',
  ENOTFOUND: 'is no name that can be found',
  EAI_AGAIN: 'is no name that can be found',
};
const ANSWER_MS_MAX = 1_000;

/**
 * Finds out at the very beginning, before a database is prepared for minutes. It does not listen there
 * to find out: a load balancer that waits for this instance would take that for the service.
 *
 * @throws {PortError} if nobody can listen there
 */
export async function expectFreePort(host: string, port: number): Promise<void> {
  await expectAddress(host);
  if (port === 0 || !(await isAnswered(host, port))) return;
  const where = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
  throw new PortError(`${where} is in use by another program: end that one, or set PORT.`);
}

/** Listens on a port that nobody knows. */
async function expectAddress(host: string): Promise<void> {
  const server = createServer();
  try {
    server.listen({ host, port: 0 });
    await once(server, 'listening');
  } catch (error) {
    const reason = REASONS[(error as NodeJS.ErrnoException).code ?? ''];
    if (reason === undefined) throw error;
    throw new PortError(`"${host}" ${reason}: set HOST.`, { cause: error });
  }
  server.close();
  await once(server, 'close');
}

async function isAnswered(host: string, port: number): Promise<boolean> {
  const socket = connect({ host, port, timeout: ANSWER_MS_MAX });
  try {
    return await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true));
      socket.once('timeout', () => resolve(false));
      socket.once('error', () => resolve(false));
    });
  } finally {
    socket.destroy();
  }
}
