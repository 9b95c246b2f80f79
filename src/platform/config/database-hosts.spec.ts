import { loadConfig } from './config.js';
import { describeDatabase, parseDatabaseHosts } from './database-hosts.js';

const SEVERAL = 'mysql://rowlock:s3cret@db-1:3307,db-2,[::1]:3308/tickets';

const hostsOf = (url: string): string[] =>
  parseDatabaseHosts(url).map(({ host, port }) => `${host} ${port}`);

const faultOf = (url: string): string => {
  try {
    loadConfig({ DATABASE_URL: url });
  } catch (error) {
    return (error as Error).message;
  }
  return '';
};

describe('parseDatabaseHosts', () => {
  it('takes one host as before', () => {
    expect(hostsOf('mysql://rowlock@db/tickets')).toEqual(['db 3306']);
  });

  it('takes several in their order, each with its own port', () => {
    expect(hostsOf(SEVERAL)).toEqual(['db-1 3307', 'db-2 3306', '::1 3308']);
    expect(hostsOf('mysql://db-1, db-2/tickets')).toEqual(['db-1 3306', 'db-2 3306']);
  });

  it('gives all of them the same user, password, database and TLS', () => {
    const addresses = parseDatabaseHosts(`${SEVERAL}?ssl=true`);
    expect(addresses).toHaveLength(3);
    for (const address of addresses) {
      expect(address).toMatchObject({
        username: 'rowlock',
        password: 's3cret',
        database: 'tickets',
        ssl: { rejectUnauthorized: true },
      });
    }
  });

  it('takes commas elsewhere for what they are', () => {
    const [address, ...others] = parseDatabaseHosts('mysql://a,b:p,w@db/t,u');
    expect(address).toMatchObject({
      host: 'db',
      username: 'a,b',
      password: 'p,w',
      database: 't,u',
    });
    expect(others).toEqual([]);
  });

  it.each([
    ['mysql://u:s3cret@db-1,/t', 'a host is missing before or after a comma'],
    ['mysql://u:s3cret@,db-2/t', 'a host is missing'],
    ['mysql://u:s3cret@db-1,db-2:3306,DB-2/t', 'a host is named twice'],
    ['mysql://u:s3cret@db-1,db-2:99999/t', 'is not a URL'],
    ['mysql://u:s3cret@db-1:x,db-2/t', 'must look like'],
    ['mysql://u:s3cret@db-1,db-2', 'names no database'],
    ['mysql://u:s3cret@db-1,db-2/t?socketPath=/s', 'socketPath cannot be used with several hosts'],
  ])('refuses %s', (url, fault) => {
    expect(faultOf(url)).toContain(`DATABASE_URL: `);
    expect(faultOf(url)).toContain(fault);
    expect(faultOf(url)).not.toContain('s3cret');
  });

  it('is what the setting accepts', () => {
    expect(loadConfig({ DATABASE_URL: SEVERAL }).DATABASE_URL).toBe(SEVERAL);
  });
});

describe('describeDatabase', () => {
  it('names all hosts, without the credentials', () => {
    expect(describeDatabase(SEVERAL)).toBe('db-1:3307,db-2:3306,[::1]:3308/tickets');
    expect(describeDatabase('mysql://root:s3cret@db/t')).toBe('db:3306/t');
  });
});
