import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describeHost, parseDatabaseUrl } from './database-url.js';

const URL_OF_ALL_PARTS = 'mysql://rowlock:s3cret@db.internal:3307/tickets';

function messageOf(parse: () => unknown): string {
  try {
    parse();
  } catch (error) {
    return String(error);
  }
  throw new Error('The URL was accepted');
}

describe('parseDatabaseUrl', () => {
  it('splits a URL into its parts', () => {
    expect(parseDatabaseUrl(URL_OF_ALL_PARTS)).toEqual({
      host: 'db.internal',
      port: 3307,
      username: 'rowlock',
      password: 's3cret',
      database: 'tickets',
    });
  });

  it('defaults to port 3306 and the user root without a password', () => {
    expect(parseDatabaseUrl('mysql://localhost/tickets')).toEqual({
      host: 'localhost',
      port: 3306,
      username: 'root',
      password: '',
      database: 'tickets',
    });
  });

  it('decodes names and passwords that contain delimiters', () => {
    expect(parseDatabaseUrl('mysql://a%40b:p%2F%3A%25%20%C3%A9@db/my%2Dtickets')).toMatchObject({
      username: 'a@b',
      password: 'p/:% é',
      database: 'my-tickets',
    });
  });

  it('accepts a socket path instead of host and port', () => {
    const url = 'mysql://root@localhost/tickets?socketPath=%2Ftmp%2Fa%20b%2Fmysql.sock';
    expect(parseDatabaseUrl(url)).toEqual({
      socketPath: '/tmp/a b/mysql.sock',
      username: 'root',
      password: '',
      database: 'tickets',
    });
  });

  it.each([
    ['', undefined],
    ['?ssl=false', undefined],
    ['?ssl=true', { rejectUnauthorized: true }],
  ])('applies the TLS option %j, and always verifies the certificate', (query, ssl) => {
    expect(parseDatabaseUrl(URL_OF_ALL_PARTS + query).ssl).toEqual(ssl);
  });

  it('reads the certificate authority from a file', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'rowlock-ca-'));
    const file = path.join(folder, 'ca.pem');
    writeFileSync(file, 'a certificate');
    try {
      const url = `${URL_OF_ALL_PARTS}?ssl=${encodeURIComponent(file)}`;
      expect(parseDatabaseUrl(url).ssl).toEqual({ rejectUnauthorized: true, ca: 'a certificate' });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it.each([
    ['no database', 'mysql://rowlock:s3cret@db'],
    ['an empty database', 'mysql://rowlock:s3cret@db/'],
    ['a URL without a scheme', '//rowlock:s3cret@db/tickets'],
    ['a port out of range', 'mysql://rowlock:s3cret@db:99999/tickets'],
    ['a CA file that does not exist', `${URL_OF_ALL_PARTS}?ssl=/no/such/file.pem`],
  ])('refuses %s without revealing the password', (_, url) => {
    expect(messageOf(() => parseDatabaseUrl(url))).not.toContain('s3cret');
  });
});

describe('describeHost', () => {
  it('shows the server, but no credentials', () => {
    expect(describeHost(parseDatabaseUrl(URL_OF_ALL_PARTS))).toBe('db.internal:3307');
    const url = 'mysql://root:s3cret@localhost/tickets?socketPath=/tmp/mysql.sock';
    expect(describeHost(parseDatabaseUrl(url))).toBe('/tmp/mysql.sock');
  });
});

describe('parseDatabaseUrl with unusual parts', () => {
  it('removes the brackets of an IPv6 address, and shows them in descriptions', () => {
    const address = parseDatabaseUrl('mysql://root@[::1]:3307/t');
    expect(address.host).toBe('::1');
    expect(describeHost(address)).toBe('[::1]:3307');
  });

  it('asks for percent-encoding if a password was pasted unescaped', () => {
    expect(() => parseDatabaseUrl('mysql://u:100%@h/t')).toThrow(
      /^percent-encode the special characters/,
    );
  });
});
