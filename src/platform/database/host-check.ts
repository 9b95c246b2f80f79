import { type Connection, createConnection } from 'mysql2/promise';
import { withTimeout } from '../common/index.js';
import type { DatabaseAddress } from '../config/index.js';
import { databaseErrorFacts, describeDatabaseError } from './database-errors.js';
import {
  ServerFacts,
  SHOW_MEMBER,
  SHOW_SERVER,
  SHOW_STATE,
  type VariableRow,
} from './server-facts.js';

/** For connecting and for the answer together. */
const CHECK_MS_MAX = 2_500;

/** ER_TABLEACCESS_DENIED_ERROR */
const TABLE_ACCESS_DENIED = 1142;

/** `read-only` also stands for a node that is without its cluster. */
export type HostState = 'writable' | 'read-only' | 'unreachable';

/** Finds out whether a server can be written, on a connection of its own. */
export async function checkHost(address: DatabaseAddress): Promise<HostState> {
  try {
    const facts = await factsOf(address);
    return facts.canBeWritten ? 'writable' : 'read-only';
  } catch {
    return 'unreachable';
  }
}

/** Why a server cannot be used, in words of the driver; undefined if it can be. */
export async function faultOf(address: DatabaseAddress): Promise<string | undefined> {
  try {
    const facts = await factsOf(address);
    return facts.canBeWritten ? undefined : 'it cannot be written';
  } catch (error) {
    return describeDatabaseError(error);
  }
}

async function factsOf({ username, ...address }: DatabaseAddress): Promise<ServerFacts> {
  const options = { ...address, user: username, multipleStatements: true };
  const connecting = createConnection({ ...options, connectTimeout: CHECK_MS_MAX });
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
  return new ServerFacts([...rows, ...(await readMember(connection))]);
}

/** Without the privilege, only what everybody may see counts. */
async function readMember(connection: Connection): Promise<readonly VariableRow[]> {
  try {
    const [rows] = await connection.query(SHOW_MEMBER);
    return rows as VariableRow[];
  } catch (error) {
    if (databaseErrorFacts(error)?.errno !== TABLE_ACCESS_DENIED) throw error;
    return [];
  }
}

function tooLate(): never {
  throw new Error(`no answer within ${CHECK_MS_MAX} ms`);
}
