import { DomainError } from '../errors/index.js';
import { ConnectionGate } from './connection-gate.js';

const LIMITS = { connections: 2, waitersMax: 3, waitMsMax: 1_000 };

/** Work that ends when the test says so. */
class Task {
  hasBegun = false;
  finish!: () => void;
  fail!: (error: Error) => void;
  readonly result: Promise<void>;

  constructor(gate: ConnectionGate) {
    this.result = gate.run(() => {
      this.hasBegun = true;
      return new Promise<void>((resolve, reject) => {
        this.finish = resolve;
        this.fail = reject;
      });
    });
    this.result.catch(() => undefined);
  }
}

const settle = async () => {
  for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
};

async function tasks(gate: ConnectionGate, count: number): Promise<Task[]> {
  const all = Array.from({ length: count }, () => new Task(gate));
  await settle();
  return all;
}

const begun = (all: readonly Task[]) => all.map((task) => task.hasBegun);
const overloaded = expect.objectContaining({ code: 'overloaded' });

describe('ConnectionGate', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('returns the result of the work', async () => {
    const gate = new ConnectionGate(LIMITS);
    await expect(gate.run(() => Promise.resolve(5))).resolves.toBe(5);
    expect([gate.inUse, gate.waiting]).toEqual([0, 0]);
  });

  it('admits as many as there are connections; the others wait', async () => {
    const gate = new ConnectionGate(LIMITS);
    expect(begun(await tasks(gate, 4))).toEqual([true, true, false, false]);
    expect([gate.inUse, gate.waiting]).toEqual([2, 2]);
  });

  it('admits in order of arrival', async () => {
    const gate = new ConnectionGate(LIMITS);
    const all = await tasks(gate, 5);
    all[1]!.finish();
    await settle();
    expect(begun(all)).toEqual([true, true, true, false, false]);
    all[0]!.finish();
    await settle();
    expect(begun(all)).toEqual([true, true, true, true, false]);
    expect([gate.inUse, gate.waiting]).toEqual([2, 1]);
  });

  it('admits no newcomer before those who already wait', async () => {
    const gate = new ConnectionGate(LIMITS);
    const all = await tasks(gate, 3);
    all[0]!.finish();
    const latecomer = new Task(gate);
    await settle();
    expect([all[2]!.hasBegun, latecomer.hasBegun]).toEqual([true, false]);
  });

  it('refuses at once when the queue is full, and says when to retry', async () => {
    const gate = new ConnectionGate(LIMITS);
    await tasks(gate, 5);
    const refused = new Task(gate);
    await expect(refused.result).rejects.toEqual(overloaded);
    await expect(refused.result).rejects.toBeInstanceOf(DomainError);
    await expect(refused.result).rejects.toMatchObject({ retryAfterSeconds: 1 });
    expect(refused.hasBegun).toBe(false);
    expect([gate.inUse, gate.waiting]).toEqual([2, 3]);
  });

  it('refuses work that has waited too long, and never starts it', async () => {
    const gate = new ConnectionGate(LIMITS);
    const all = await tasks(gate, 3);
    jest.advanceTimersByTime(999);
    await settle();
    expect(gate.waiting).toBe(1);
    jest.advanceTimersByTime(1);
    await expect(all[2]!.result).rejects.toEqual(overloaded);
    expect(gate.waiting).toBe(0);
    all[0]!.finish();
    await settle();
    expect(all[2]!.hasBegun).toBe(false);
    expect(gate.inUse).toBe(1);
  });

  it('does not count the time of the work as waiting time', async () => {
    const gate = new ConnectionGate(LIMITS);
    const all = await tasks(gate, 3);
    all[0]!.finish();
    await settle();
    jest.advanceTimersByTime(60_000);
    all[2]!.finish();
    await expect(all[2]!.result).resolves.toBeUndefined();
    expect(jest.getTimerCount()).toBe(0);
  });

  it('frees the connection of work that fails, at once or later', async () => {
    const gate = new ConnectionGate({ ...LIMITS, connections: 1 });
    const atOnce = () => {
      throw new Error('at once');
    };
    await expect(gate.run(atOnce)).rejects.toThrow('at once');
    const [first, second] = await tasks(gate, 2);
    first!.fail(new Error('later'));
    await expect(first!.result).rejects.toThrow('later');
    await settle();
    expect([second!.hasBegun, gate.inUse]).toEqual([true, 1]);
    second!.finish();
    await second!.result;
    expect([gate.inUse, gate.waiting]).toEqual([0, 0]);
  });

  it('admits as many as before after a rush in which most were refused', async () => {
    const gate = new ConnectionGate(LIMITS);
    const rush = await tasks(gate, 50);
    jest.advanceTimersByTime(1_000);
    for (const task of rush.filter(({ hasBegun }) => hasBegun)) task.finish();
    const results = await Promise.allSettled(rush.map(({ result }) => result));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
    expect([gate.inUse, gate.waiting, jest.getTimerCount()]).toEqual([0, 0, 0]);
    expect(begun(await tasks(gate, 3))).toEqual([true, true, false]);
  });
});
