import { createHttpAdapter } from '../http/index.js';
import { ConfigError, loadConfig } from './config.js';

/** As `openssl rand -hex 24` prints it. */
const RANDOM = '5d1c0be7f5a4923e88d0a7b1c6f2493be07a51d8c3f6920e';

function faultsOf(environment: NodeJS.ProcessEnv): string[] {
  try {
    loadConfig(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split('\n').slice(1);
    throw error;
  }
  return [];
}

describe('loadConfig', () => {
  it('needs no settings at all', () => {
    expect(loadConfig({})).toMatchObject({
      NODE_ENV: 'development',
      HOST: '127.0.0.1',
      PORT: 3000,
      DATABASE_POOL_SIZE: 20,
      DATA_DIR: '.data',
      RATE_LIMIT_ENABLED: true,
      RATE_LIMIT_WINDOW_SECONDS: 10,
      RATE_LIMIT_READS_PER_ADDRESS: 20_000,
      RATE_LIMIT_WRITES_PER_ADDRESS: 20_000,
      RATE_LIMIT_READS_PER_KEY: 20_000,
      RATE_LIMIT_WRITES_PER_KEY: 20_000,
      RATE_LIMIT_WRONG_KEYS_PER_MINUTE: 10,
      RATE_LIMIT_ATTEMPTS_PER_PERSON: 20,
      RATE_LIMIT_ATTEMPTS_WINDOW_SECONDS: 60,
      LOG_LEVEL: 'info',
    });
  });

  it.each(['', ' ', '\t'])('treats %j as not set', (nothing) => {
    const names = ['PORT', 'HOST', 'DATABASE_URL', 'LOG_LEVEL', 'RATE_LIMIT_ENABLED'];
    const environment = Object.fromEntries(names.map((name) => [name, nothing]));
    expect(loadConfig(environment)).toEqual(loadConfig({}));
  });

  it('reads numbers, flags and addresses', () => {
    const url = 'mysql://rowlock:secret@db.internal:3307/rowlock?ssl=true';
    expect(
      loadConfig({ PORT: '0', RATE_LIMIT_ENABLED: '0', DATABASE_URL: url, HOST: '::1' }),
    ).toMatchObject({ PORT: 0, RATE_LIMIT_ENABLED: false, DATABASE_URL: url, HOST: '::1' });
  });

  it.each([
    ['true', true],
    ['1', true],
    ['false', false],
    ['0', false],
  ])('understands the flag %s', (text, expected) => {
    expect(loadConfig({ RATE_LIMIT_ENABLED: text }).RATE_LIMIT_ENABLED).toBe(expected);
  });

  it('listens on one address: localhost is 127.0.0.1', () => {
    expect(loadConfig({ HOST: 'localhost' }).HOST).toBe('127.0.0.1');
  });

  it('reports all faults at once, each with its setting', () => {
    const faults = faultsOf({
      PORT: '65536',
      DATABASE_URL: 'postgres://localhost/rowlock',
      DATABASE_POOL_SIZE: '1.5',
      RATE_LIMIT_ENABLED: 'yes',
      LOG_LEVEL: 'loud',
    });
    expect(faults.map((fault) => fault.trim().split(':')[0])).toEqual([
      'PORT',
      'DATABASE_URL',
      'DATABASE_POOL_SIZE',
      'RATE_LIMIT_ENABLED',
      'LOG_LEVEL',
    ]);
  });

  it.each([
    ['PORT', '-1'],
    ['PORT', 'http'],
    ['DATABASE_POOL_SIZE', '0'],
    ['DATABASE_POOL_SIZE', '1001'],
    ['RATE_LIMIT_READS_PER_ADDRESS', '0'],
    ['RATE_LIMIT_WRITES_PER_KEY', '1.5'],
    ['RATE_LIMIT_ATTEMPTS_PER_PERSON', '-1'],
    ['REDIS_URL', 'localhost:6379'],
    ['REDIS_URL', 'http://localhost:6379'],
    ['RATE_LIMIT_WINDOW_SECONDS', '86401'],
    ['NODE_ENV', 'staging'],
    ['DATABASE_URL', 'localhost:3306/rowlock'],
    ['DATABASE_URL', 'mysql:///rowlock'],
  ])('refuses %s=%s', (name, value) => {
    expect(faultsOf({ [name]: value })).toHaveLength(1);
  });

  const NETWORKS = [
    '10.0.0.1',
    '10.0.0.0/8',
    ' 10.0.0.0/32 , loopback',
    'linklocal,uniquelocal',
    '2001:db8::/64',
    '::1/128',
    '::ffff:10.0.0.1',
    '::ffff:10.0.0.0/104',
    '10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,fc00::/7',
    '10.0.0.0/8,10.0.0.0/8',
    '3fff::/16,2001:db8::/32',
  ];
  it.each(NETWORKS)('accepts TRUST_PROXY=%s, as Fastify does', (proxies) => {
    const config = loadConfig({ TRUST_PROXY: proxies });
    expect(() => createHttpAdapter(config)).not.toThrow();
    const wrong = { ...config, TRUST_PROXY: '10.0.0.0/99' };
    expect(() => createHttpAdapter(wrong)).toThrow('invalid range');
  });

  it.each([
    '10.0.0.0/99',
    '10.0.0.0/33',
    '0.0.0.0/0',
    '::/0',
    '::1/129',
    'loopback/8',
    '10.0.0.0/',
    '10.0.0.0/8/8',
    '10.0.0.0/8,',
    'proxy.internal',
    'fe80::1%eth0',
    'true',
    '0.0.0.0/1,128.0.0.0/1',
    '128.0.0.0/1',
    '64.0.0.0/2,128.0.0.0/2',
    '0.0.0.0/2,64.0.0.0/3,96.0.0.0/3',
    '0.0.0.0/2,10.0.0.0/8,64.0.0.0/2',
    '::/1,8000::/1',
    '::/1',
    '::ffff:0:0/96',
    '::ffff:0.0.0.0/97,::ffff:128.0.0.0/97',
    '2000::/3',
    '2000::/4',
    '2000::/5,2800::/5',
    'loopback,::ffff:0:0/97,10.0.0.0/8',
  ])('refuses TRUST_PROXY=%s', (proxies) => {
    expect(faultsOf({ TRUST_PROXY: proxies })).toHaveLength(1);
  });

  it('does not reveal the password of an invalid DATABASE_URL', () => {
    const [fault] = faultsOf({ DATABASE_URL: 'mysq://rowlock:s3cret@db/rowlock' });
    expect(fault).toContain('mysql://user:password@host:3306/database');
    expect(fault).not.toContain('s3cret');
  });

  it('does not reveal the password of an invalid REDIS_URL', () => {
    const [fault] = faultsOf({ REDIS_URL: 'redi://rowlock:s3cret@cache' });
    expect(fault).toContain('redis://user:password@host:6379/0');
    expect(fault).not.toContain('s3cret');
  });

  it.each([{}, { NODE_ENV: 'test' }])('requires AUTH_MODE if ADMIN_API_KEY is set (%p)', (more) => {
    const ADMIN_API_KEY = RANDOM;
    const [fault, ...others] = faultsOf({ ADMIN_API_KEY, ...more });
    expect(fault).toContain('AUTH_MODE: is required when ADMIN_API_KEY is set');
    expect(others).toEqual([]);
    for (const AUTH_MODE of ['open', 'keys'])
      expect(loadConfig({ ADMIN_API_KEY, AUTH_MODE })).toMatchObject({ AUTH_MODE });
  });

  it.each([
    '0.0.0.0',
    '::',
    '10.0.0.5',
    'rowlock.lan',
    '::ffff:10.0.0.5',
    'localhost.evil.example',
  ])('requires AUTH_MODE if HOST=%s lets other machines in', (HOST) => {
    const [fault, ...others] = faultsOf({ HOST });
    expect(fault).toContain('AUTH_MODE: is required when HOST is reachable from other machines');
    expect(others).toEqual([]);
    for (const AUTH_MODE of ['open', 'keys'])
      expect(loadConfig({ HOST, AUTH_MODE })).toMatchObject({ HOST, AUTH_MODE });
  });

  it.each([
    'localhost',
    'LOCALHOST',
    'localhost.',
    '127.0.0.1',
    '127.1.2.3',
    '::1',
    '::ffff:127.0.0.1',
  ])('defaults to open mode on the loopback address HOST=%s', (HOST) => {
    expect(loadConfig({ HOST }).AUTH_MODE).toBe('open');
  });

  it('reads ALLOWED_HOSTS in one spelling', () => {
    const ALLOWED_HOSTS = 'Rowlock.LAN.:8080, 10.0.0.5,[2001:DB8::1],2001:db8:0::2';
    const expected = ['rowlock.lan', '10.0.0.5', '[2001:db8::1]', '[2001:db8::2]'];
    expect(loadConfig({ ALLOWED_HOSTS }).ALLOWED_HOSTS).toEqual(expected);
  });

  it.each(['a,', 'http://a', 'a/b', 'a b', '*.a/'])('refuses ALLOWED_HOSTS=%s', (hosts) => {
    expect(faultsOf({ ALLOWED_HOSTS: hosts })).toHaveLength(1);
  });

  it.each(['a'.repeat(32), 'password'.repeat(4)])('refuses ADMIN_API_KEY=%s', (ADMIN_API_KEY) => {
    const [fault, ...others] = faultsOf({ ADMIN_API_KEY, AUTH_MODE: 'keys' });
    expect(fault).toContain('ADMIN_API_KEY: is easy to guess');
    expect(fault).not.toContain(ADMIN_API_KEY);
    expect(others).toEqual([]);
  });

  it('reports a short ADMIN_API_KEY only once', () => {
    expect(faultsOf({ ADMIN_API_KEY: 'a', AUTH_MODE: 'keys' })).toHaveLength(1);
  });

  it('reports a missing AUTH_MODE only once in production', () => {
    const environment = { NODE_ENV: 'production', HOST: '::', ADMIN_API_KEY: RANDOM };
    expect(faultsOf(environment)).toHaveLength(1);
  });

  it('accepts 0 attempts per person, which switches that limit off', () => {
    const settings = loadConfig({ RATE_LIMIT_ATTEMPTS_PER_PERSON: '0' });
    expect(settings.RATE_LIMIT_ATTEMPTS_PER_PERSON).toBe(0);
  });

  it('ignores variables that are not settings, whatever their names', () => {
    const foreign: Record<string, string> = { PATH: '/bin', isPrototypeOf: 'x' };
    expect(loadConfig(foreign)).toEqual(loadConfig({}));
  });

  it('returns an object that cannot be changed', () => {
    expect(Object.isFrozen(loadConfig({}))).toBe(true);
  });
});
