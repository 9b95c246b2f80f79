import { parseDatabaseHosts } from '../config/index.js';
import type { HostState } from './host-check.js';
import { HostChoice, hostChoiceOf } from './host-choice.js';

const URL = 'mysql://rowlock@db-1,db-2,db-3/tickets';
const HOSTS = parseDatabaseHosts(URL);

describe('HostChoice', () => {
  let states: Record<string, HostState>;
  let checks: string[];
  /** Whose next check gets no answer. */
  let failNext: string | undefined;

  beforeEach(() => {
    jest.useFakeTimers({ now: 0 });
    checks = [];
  });
  afterEach(() => jest.useRealTimers());

  const check = ({ host }: { host?: string }): Promise<HostState> => {
    checks.push(host!);
    if (host === failNext) {
      failNext = undefined;
      return Promise.resolve('unreachable');
    }
    return Promise.resolve(states[host!]!);
  };
  const are = (one: HostState, two: HostState, three: HostState): void => {
    states = { 'db-1': one, 'db-2': two, 'db-3': three };
  };
  const open = (shared?: SharedArrayBuffer): HostChoice => new HostChoice(HOSTS, shared, check);
  const suspect = async (choice: HostChoice): Promise<void> => {
    choice.suspect();
    await jest.advanceTimersByTimeAsync(1_000);
  };

  it.each<[HostState, HostState, HostState, string]>([
    ['writable', 'writable', 'writable', 'db-1'],
    ['read-only', 'writable', 'writable', 'db-2'],
    ['unreachable', 'unreachable', 'writable', 'db-3'],
    ['unreachable', 'read-only', 'read-only', 'db-2'],
    ['unreachable', 'unreachable', 'unreachable', 'db-1'],
  ])('takes the first host that can be written: %s, %s, %s', async (one, two, three, expected) => {
    are(one, two, three);
    expect((await open().choose()).host).toBe(expected);
  });

  it('checks once, however many ask', async () => {
    are('writable', 'writable', 'writable');
    const choice = open();
    await Promise.all(Array.from({ length: 20 }, () => choice.choose()));
    for (let index = 0; index < 20; index += 1) choice.suspect();
    await jest.advanceTimersByTimeAsync(1_000);
    expect(checks).toEqual(['db-1', 'db-2', 'db-3', 'db-1']);
  });

  it('stays while the host can be written, or while no other can', async () => {
    are('read-only', 'writable', 'read-only');
    const choice = open();
    await choice.choose();
    are('writable', 'writable', 'writable');
    await suspect(choice);
    are('read-only', 'unreachable', 'read-only');
    await suspect(choice);
    expect([choice.current?.host, choice.changes]).toEqual(['db-2', 0]);
  });

  it('stays if only its first check failed', async () => {
    are('read-only', 'writable', 'read-only');
    const choice = open();
    await choice.choose();
    are('writable', 'writable', 'writable');
    failNext = 'db-2';
    await suspect(choice);
    expect([choice.current?.host, choice.changes]).toEqual(['db-2', 0]);
  });

  it('moves once another can be written, tells so, and does not go back', async () => {
    are('writable', 'read-only', 'read-only');
    const choice = open();
    await choice.choose();
    const moved: (string | undefined)[] = [];
    choice.follow(() => moved.push(choice.current?.host));
    are('unreachable', 'read-only', 'writable');
    await suspect(choice);
    are('writable', 'writable', 'writable');
    await suspect(choice);
    expect([moved, choice.changes]).toEqual([['db-3'], 1]);
  });

  it('notices a host that became read-only although nobody suspects it', async () => {
    are('writable', 'writable', 'writable');
    const choice = open();
    await choice.choose();
    const moved = jest.fn();
    choice.follow(moved);
    are('read-only', 'writable', 'writable');
    await jest.advanceTimersByTimeAsync(5_000);
    expect(choice.current?.host).toBe('db-2');
    choice.unfollow(moved);
    are('writable', 'read-only', 'read-only');
    await jest.advanceTimersByTimeAsync(60_000);
    expect([choice.current?.host, moved.mock.calls.length]).toEqual(['db-2', 1]);
  });

  it('is the same in all threads, whichever moves', async () => {
    are('writable', 'writable', 'writable');
    const main = open();
    await main.choose();
    const engine = open(main.shared);
    expect((await engine.choose()).host).toBe('db-1');
    are('unreachable', 'writable', 'writable');
    const moved = jest.fn();
    main.follow(moved);
    await Promise.all([suspect(engine), suspect(main)]);
    expect([engine.current?.host, main.current?.host, main.changes]).toEqual(['db-2', 'db-2', 1]);
    expect(moved).toHaveBeenCalledTimes(1);
    main.unfollow(moved);
  });
});

describe('hostChoiceOf', () => {
  it('is one for the process, and none if there is nothing to choose', () => {
    expect(hostChoiceOf(URL)).toBe(hostChoiceOf(URL));
    expect(hostChoiceOf('mysql://rowlock@db-1/tickets')).toBeUndefined();
  });
});
