import { readFileSync } from 'node:fs';

export interface DatabaseTls {
  readonly rejectUnauthorized: true;
  /** Certificate of the authority that signed the server's, as PEM. */
  readonly ca?: string;
}

/** Where the database is, in the words of the MySQL driver. Of several hosts, one. */
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
  const url = readUrl(text);
  const database = decode(url.pathname.slice(1));
  if (database === '') throw new Error('it names no database: mysql://…/DATABASE');
  const credentials = {
    username: decode(url.username || 'root'),
    password: decode(url.password),
    database,
  };
  const socketPath = url.searchParams.get('socketPath');
  if (socketPath !== null) return { ...credentials, socketPath };
  const address = {
    ...credentials,
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: Number(url.port || 3306),
  };
  const ssl = url.searchParams.get('ssl');
  return ssl === null || ssl === 'false' ? address : { ...address, ssl: tlsOptions(ssl) };
}

/** The error of `URL` itself would carry the whole text, and with it the password. */
function readUrl(text: string): URL {
  if (!URL.canParse(text)) throw new Error('it is not a URL: mysql://user:password@host/db');
  return new URL(text);
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new Error('percent-encode the special characters of user and password');
  }
}

function tlsOptions(ssl: string): DatabaseTls {
  if (ssl === 'true') return { rejectUnauthorized: true };
  return { rejectUnauthorized: true, ca: readFileSync(ssl, 'utf8') };
}

/** For people and logs: `host:port`, or the path of the socket. */
export function describeHost({ host, port, socketPath }: DatabaseAddress): string {
  const name = host?.includes(':') === true ? `[${host}]` : host;
  return socketPath ?? `${name}:${port}`;
}
