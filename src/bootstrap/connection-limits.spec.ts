import { loadConfig } from '../platform/config/index.js';
import { noteLowLimits } from './connection-limits.js';

const PRODUCTION = { NODE_ENV: 'production', AUTH_MODE: 'open' };
const ENOUGH = {
  '/proc/sys/net/core/somaxconn': '16384\n',
  '/proc/sys/net/ipv4/tcp_syncookies': '1\n',
  '/proc/sys/net/ipv4/tcp_max_syn_backlog': '512\n',
  '/proc/self/limits':
    'Limit             Soft Limit  Hard Limit  Units\n' +
    'Max processes     1024        1024        processes\n' +
    'Max open files    16468       16468       files\n',
};

function notes(system: object, environment: NodeJS.ProcessEnv = PRODUCTION): string[] {
  const said: string[] = [];
  const files: Record<string, string> = { ...system };
  noteLowLimits(
    loadConfig(environment),
    (line) => void said.push(line),
    (path) => files[path],
  );
  return said;
}

describe('noteLowLimits', () => {
  it('says nothing where the limits are high enough', () => {
    expect(notes(ENOUGH)).toEqual([]);
    const limits = 'Max open files    unlimited   unlimited   files\n';
    expect(notes({ ...ENOUGH, '/proc/self/limits': limits })).toEqual([]);
  });

  it('says nothing where there are no such files, or in development', () => {
    expect(notes({})).toEqual([]);
    expect(notes({ '/proc/sys/net/core/somaxconn': '128\n' }, {})).toEqual([]);
  });

  it('names every limit that is too low, in one line', () => {
    const [line, ...others] = notes(
      {
        '/proc/sys/net/core/somaxconn': '4096\n',
        '/proc/sys/net/ipv4/tcp_syncookies': '0\n',
        '/proc/sys/net/ipv4/tcp_max_syn_backlog': '512\n',
        '/proc/self/limits': 'Max open files    1024   4096   files\n',
      },
      { ...PRODUCTION, DATABASE_POOL_SIZE: '100' },
    );
    expect(line).toContain('net.core.somaxconn is 4096, not 16384');
    expect(line).toContain('net.ipv4.tcp_max_syn_backlog is 512, not 16384');
    expect(line).toContain('open files is 1024, not 16548');
    expect(others).toEqual([]);
  });
});
