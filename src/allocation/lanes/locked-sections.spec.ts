import { setImmediate as turn } from 'node:timers/promises';
import { DomainError } from '../../platform/errors/index.js';
import { command, Held, range, served } from '../../../test/unit/support/test-lanes.js';

/** Longer than a batch may run before it makes way. */
const LATE_MS = 150;

const lockTimeout = new DomainError('lock_timeout');

describe('a lane with a locked section', () => {
  beforeEach(() => jest.useFakeTimers({ doNotFake: ['setImmediate', 'performance'] }));
  afterEach(() => jest.useRealTimers());

  it('runs the other sections while a batch is late, and its own sections after it', async () => {
    const held = new Held();
    void held.submit([command(0, 'locked'), command(1, 'beside')]);
    await turn();
    const [other] = held.submit([command(2, 'other'), command(3, 'locked'), command(4, 'beside')]);
    await turn();
    expect(held.batches).toEqual([[0, 1]]);
    jest.advanceTimersByTime(LATE_MS);
    expect(held.batches).toEqual([[0, 1], [2]]);
    held.running[1]!.end();
    await expect(other).resolves.toBe(served(2));
    held.running[0]!.end();
    await turn();
    expect(held.batches).toEqual([[0, 1], [2], [3, 4]]);
  });

  it('lets one batch be late, and no more', async () => {
    const held = new Held();
    for (const name of range(3)) {
      void held.submit([command(name, `locked ${name}`)]);
      await turn();
      jest.advanceTimersByTime(LATE_MS);
    }
    expect(held.batches).toEqual([[0], [1]]);
  });

  it('tries each section alone after their lock timed out: only the locked one is refused', async () => {
    const held = new Held();
    const answers = held.submit([
      command(0, 'stalls'),
      command(1, 'locked'),
      command(2, 'stalls'),
      command(3, 'locked'),
    ]);
    await turn();
    held.running[0]!.fail(lockTimeout);
    await turn();
    expect(held.batches).toEqual([
      [0, 2, 1, 3],
      [0, 2],
      [1, 3],
    ]);
    held.running[1]!.end();
    held.running[2]!.fail(lockTimeout);
    const ends = await Promise.allSettled(answers);
    expect(ends.map((end) => (end.status === 'fulfilled' ? end.value : end.reason))).toEqual([
      served(0),
      lockTimeout,
      served(2),
      lockTimeout,
    ]);
  });

  it('keeps the locked section out of shared batches until it has been locked again', async () => {
    const held = new Held();
    void held.submit([command(0, 'locked')]);
    await turn();
    held.running[0]!.fail(lockTimeout);
    await turn();
    void held.submit([command(1, 'locked'), command(2, 'other'), command(3, 'locked')]);
    await turn();
    expect(held.batches.slice(1)).toEqual([[2], [1, 3]]);
    expect(held.lanes.states[0]!.locked).toBe(1);
    held.running[1]!.end();
    held.running[2]!.end();
    await turn();
    expect(held.lanes.states[0]!.locked).toBe(0);
    void held.submit([command(4, 'locked'), command(5, 'other')]);
    await turn();
    expect(held.batches.at(-1)).toEqual([4, 5]);
  });

  it('keeps the order of a section whose commands are tried again', async () => {
    const held = new Held();
    void held.submit([command(0, 'a'), command(1, 'b')]);
    await turn();
    void held.submit([command(2, 'a'), command(3, 'b')]);
    held.running[0]!.fail(lockTimeout);
    await turn();
    expect(held.batches.slice(1)).toEqual([
      [0, 2],
      [1, 3],
    ]);
  });

  it('tries two locked sections at once, and no more', async () => {
    const held = new Held();
    void held.submit(range(5).map((name) => command(name, `locked ${name}`)));
    await turn();
    held.running[0]!.fail(lockTimeout);
    await turn();
    expect(held.batches.slice(1)).toEqual([[0], [1]]);
    held.running[1]!.fail(lockTimeout);
    await turn();
    expect(held.batches.slice(3)).toEqual([[2]]);
  });

  it('tries locked sections in turns: two that stay locked do not keep out a third', async () => {
    const held = new Held();
    const keys = ['x', 'y', 'z'];
    void held.submit(keys.map((key, name) => command(name, key)));
    await turn();
    held.running[0]!.fail(lockTimeout);
    await turn();
    void held.submit([command(10, 'x'), command(11, 'y')]);
    held.running[1]!.fail(lockTimeout);
    held.running[2]!.fail(lockTimeout);
    await turn();
    expect(held.batches.slice(3).flat()).toContain(2);
  });

  it('lets a batch make way that became late while there was no room for it', async () => {
    const clock = jest.spyOn(performance, 'now').mockReturnValue(0);
    const held = new Held();
    void held.submit([command(0, 'a')]);
    await turn();
    jest.advanceTimersByTime(LATE_MS);
    void held.submit([command(1, 'b')]);
    await turn();
    clock.mockReturnValue(LATE_MS);
    jest.advanceTimersByTime(LATE_MS);
    void held.submit([command(2, 'c')]);
    await turn();
    expect(held.batches).toEqual([[0], [1]]);
    held.running[0]!.end();
    await turn();
    clock.mockRestore();
    expect(held.batches).toEqual([[0], [1], [2]]);
  });

  it('forgets a locked section that nobody has wanted for a while', async () => {
    const held = new Held();
    const clock = jest.spyOn(performance, 'now').mockReturnValue(0);
    void held.submit([command(0, 'locked')]);
    await turn();
    held.running[0]!.fail(lockTimeout);
    await turn();
    expect(held.lanes.states[0]!.locked).toBe(1);
    clock.mockReturnValue(60_000);
    void held.submit([command(1, 'other')]);
    await turn();
    clock.mockRestore();
    expect(held.lanes.states[0]!.locked).toBe(0);
  });
});
