import { readFileSync } from 'node:fs';

export interface DatabaseTls {
  readonly rejectUnauthorized: true;
  /** Certificate of the authority that signed the server's, as PEM. */
  readonly ca?: string;
}

/** Where the database is, in the words of the MySQL driver. */
export interface DatabaseAddress {
  readonly host?: string;
  readonly port?: number;
  readonly socketPath?: string;
  readonly username: string;
  readonly password: string;
  readonly database: string;
  readonly ssl?: DatabaseTls;
}

/**
 * Takes apart `mysql://user:password@host:port/database`. Two query parameters are understood:
 * `socketPath` (a Unix socket instead of host and port) and `ssl` (`true`: the server's certificate
 * must be trusted; or the path of a CA file that signs it).
 *
 * @throws {Error} if a part is missing; the message never holds the password.
 */
export function parseDatabaseUrl(text: string): DatabaseAddress {
  const url = new URL(text);
  const database = decodeURIComponent(url.pathname.slice(1));
  if (database === '') throw new Error('DATABASE_URL names no database: mysql://…/DATABASE');
  const credentials = {
    username: decodeURIComponent(url.username || 'root'),
    password: decodeURIComponent(url.password),
    database,
  };
  const socketPath = url.searchParams.get('socketPath');
  if (socketPath !== null) return { ...credentials, socketPath };
  const address = { ...credentials, host: url.hostname, port: Number(url.port || 3306) };
  const ssl = url.searchParams.get('ssl');
  return ssl === null || ssl === 'false' ? address : { ...address, ssl: tlsOptions(ssl) };
}

function tlsOptions(ssl: string): DatabaseTls {
  if (ssl === 'true') return { rejectUnauthorized: true };
  return { rejectUnauthorized: true, ca: readFileSync(ssl, 'utf8') };
}

/** For people and logs: which server and database, without the credentials. */
export function describeAddress(address: DatabaseAddress): string {
  const where = address.socketPath ?? `${address.host}:${address.port}`;
  return `${where}/${address.database}`;
}
