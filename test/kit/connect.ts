import { readFileSync } from 'node:fs';
import mysql from 'mysql2/promise';

/**
 * An open connection to `mysql://user:password@host:port/database`, with the settings of the
 * service's own connections: `?socketPath=` and `?ssl=` mean the same as in DATABASE_URL.
 */
export async function connectTo(
  url: string,
  more: mysql.ConnectionOptions = {},
): Promise<mysql.Connection> {
  const { hostname, port, username, password, pathname, searchParams } = new URL(url);
  const [socketPath, ssl] = [searchParams.get('socketPath'), searchParams.get('ssl')];
  const database = decodeURIComponent(pathname.slice(1));
  const connection = await mysql.createConnection({
    ...(socketPath === null
      ? { host: hostname.replace(/^\[(.*)\]$/, '$1'), port: Number(port || 3306) }
      : { socketPath }),
    ...(ssl !== null && ssl !== 'false' && { ssl: tlsOptions(ssl) }),
    ...(database !== '' && { database }),
    user: decodeURIComponent(username || 'root'),
    password: decodeURIComponent(password),
    timezone: 'Z',
    charset: 'utf8mb4',
    ...more,
  });
  // The server's own settings may say otherwise.
  await connection.query('SET NAMES utf8mb4 COLLATE utf8mb4_bin');
  await connection.query(`SET SESSION autocommit = 1, time_zone = '+00:00'`);
  await connection.query('SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED');
  return connection;
}

const tlsOptions = (ssl: string): mysql.SslOptions => ({
  rejectUnauthorized: true,
  ...(ssl !== 'true' && { ca: readFileSync(ssl, 'utf8') }),
});
