import { createConnection, type Connection } from 'mysql2/promise';

const TIMEOUT_MS = 2_000;

/** Runs one statement through the server's socket, within a bounded time. */
export async function execute(socketPath: string, sql: string): Promise<void> {
  const options = { socketPath, user: 'root', connectTimeout: TIMEOUT_MS };
  const connection: Connection = await createConnection(options);
  // A server that dies between two statements would otherwise be an unhandled 'error' event.
  connection.on('error', () => undefined);
  try {
    // The server may have been told another character set than the driver's.
    await connection.query({ sql: 'SET NAMES utf8mb4', timeout: TIMEOUT_MS });
    await connection.query({ sql, timeout: TIMEOUT_MS });
  } finally {
    connection.destroy();
  }
}

/** True when a server answers on the socket. */
export async function answers(socketPath: string): Promise<boolean> {
  return execute(socketPath, 'SELECT 1').then(
    () => true,
    () => false,
  );
}
