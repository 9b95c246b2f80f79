import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { SetUpError } from '../platform/common/index.js';

/** The service cannot listen on HOST and PORT; the message says why and what to change. */
class PortError extends SetUpError {}

const REASONS: Readonly<Record<string, string>> = {
  EADDRNOTAVAIL: 'is not an address of this machine',
  ENOTFOUND: 'cannot be resolved',
  EAI_AGAIN: 'cannot be resolved',
};
const ANSWER_MS_MAX = 1_000;

/**
 * Checks the address first, because preparing a database can take minutes. It does not listen on the
 * port to find out: a load balancer waiting for this instance would mistake that for the service.
 *
 * @throws {PortError} if the service could not listen there
 */
export async function expectFreePort(host: string, port: number): Promise<void> {
  await expectAddress(host);
  if (port === 0 || !(await isAnswered(host, port))) return;
  const where = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
  throw new PortError(`${where} is already in use: stop the other program, or set PORT.`);
}

/** Listens briefly on a random port of this host. */
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
