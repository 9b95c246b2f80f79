import { type Connection, type ConnectionOptions, createConnection } from 'mysql2/promise';
import { withTimeout } from '../common/index.js';
import type { DatabaseAddress } from '../config/index.js';
import {
  ServerFacts,
  SHOW_MEMBER,
  SHOW_SERVER,
  SHOW_STATE,
  type VariableRow,
} from './server-facts.js';

/** For connecting and for the answer together. */
const CHECK_MS_MAX = 2_500;

/** `read-only` also stands for a node that is without its cluster. */
export type HostState = 'writable' | 'read-only' | 'unreachable';

/** Finds out whether a server can be written, on a connection of its own. */
export async function checkHost({ username, ...address }: DatabaseAddress): Promise<HostState> {
  const options = { ...address, user: username, multipleStatements: true };
  try {
    const facts = await factsOf({ ...options, connectTimeout: CHECK_MS_MAX });
    return facts.canBeWritten ? 'writable' : 'read-only';
  } catch {
    return 'unreachable';
  }
}

/** Why a server cannot be used, in words of the driver; undefined if it can be. */
export async function faultOf({
  username,
  ...address
}: DatabaseAddress): Promise<string | undefined> {
  const options = { ...address, user: username, multipleStatements: true };
  try {
    const facts = await factsOf({ ...options, connectTimeout: CHECK_MS_MAX });
    return facts.canBeWritten ? undefined : 'it cannot be written';
  } catch (error) {
    const { message, code } = error as Error & { readonly code?: string };
    // The driver's message is empty if a name has several addresses and none answers.
    return message || code;
  }
}

async function factsOf(options: ConnectionOptions): Promise<ServerFacts> {
  const connecting = createConnection(options);
  const reading = connecting.then(async (connection) => {
    // A server that is killed meanwhile; the query fails by itself.
    connection.on('error', () => undefined);
    return readFacts(connection);
  });
  try {
    return await withTimeout(reading, CHECK_MS_MAX, tooLate);
  } finally {
    void connecting.then((connection) => connection.destroy()).catch(() => undefined);
  }
}

async function readFacts(connection: Connection): Promise<ServerFacts> {
  const [results] = await connection.query(`${SHOW_SERVER}; ${SHOW_STATE}`);
  const rows = (results as unknown as VariableRow[][]).flat();
  const facts = new ServerFacts(rows);
  if (!facts.isGroupReplication) return facts;
  // Without the privilege, only what anybody may see counts.
  const [member] = await connection.query(SHOW_MEMBER).catch(() => [[]]);
  return new ServerFacts([...rows, ...(member as VariableRow[])]);
}

function tooLate(): never {
  throw new Error(`no answer within ${CHECK_MS_MAX} ms`);
}
