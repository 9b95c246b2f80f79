import { type ExpensiveRead, ExpensiveReads } from './expensive-reads.js';

const LIMITS = { running: 4, perKey: 6, perOrganiser: 8, waitMsMax: 1_000 };

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Reads, and which of them have had their turn. */
class Desk {
  readonly turns: string[] = [];
  readonly refused: string[] = [];
  readonly reads = new Map<string, ExpensiveRead>();
  readonly sut = new ExpensiveReads(LIMITS);

  enter(name: string, organiserId: string, keyId?: string): ExpensiveRead {
    const read = this.sut.enter({ organiserId, keyId });
    this.reads.set(name, read);
    read.turn.then(
      () => this.turns.push(name),
      ({ code }: { code: string }) => this.refused.push(`${name}: ${code}`),
    );
    return read;
  }

  end(name: string): void {
    this.reads.get(name)!.finish();
    this.reads.get(name)!.leave();
  }
}

const refusal = (policy: string) =>
  expect.objectContaining({
    code: 'rate_limited',
    extensions: { policy },
    retryAfterSeconds: 1,
  }) as Error;

describe('ExpensiveReads', () => {
  let desk: Desk;

  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['setImmediate'] });
    desk = new Desk();
  });

  afterEach(() => void jest.useRealTimers());

  it('gives one organiser at most half of the turns, in the order of arrival', async () => {
    for (const name of ['a1', 'a2', 'a3', 'a4']) desk.enter(name, 'ann');
    await settle();
    expect(desk.turns).toEqual(['a1', 'a2']);
    desk.end('a1');
    await settle();
    expect(desk.turns).toEqual(['a1', 'a2', 'a3']);
    expect([desk.sut.running, desk.sut.waiting]).toEqual([2, 1]);
  });

  it('lets another organiser pass those that wait, and serves all in turn', async () => {
    for (const name of ['a1', 'a2', 'a3', 'a4']) desk.enter(name, 'ann');
    for (const name of ['b1', 'b2', 'b3']) desk.enter(name, 'bob');
    for (const name of ['c1', 'c2']) desk.enter(name, 'cid');
    await settle();
    expect(desk.turns).toEqual(['a1', 'a2', 'b1', 'b2']);
    for (const name of ['a1', 'a2', 'b1']) desk.end(name);
    await settle();
    expect(desk.turns.slice(4)).toEqual(['c1', 'a3', 'b3']);
  });

  it('refuses a key, and an organiser, that have too many in progress, and nobody else', async () => {
    for (let n = 0; n < 6; n += 1) desk.enter(`a${n}`, 'ann', 'first');
    expect(() => desk.enter('late', 'ann', 'first')).toThrow(refusal('key-expensive-reads'));
    for (let n = 6; n < 8; n += 1) desk.enter(`a${n}`, 'ann', 'second');
    expect(() => desk.enter('late', 'ann', 'third')).toThrow(refusal('organiser-expensive-reads'));
    desk.enter('b1', 'bob', 'first');
    await settle();
    expect(desk.turns).toContain('b1');
    expect(desk.sut.counts.refused).toBe(2);
  });

  it('counts a read as in progress until its answer is sent', async () => {
    for (let n = 0; n < 6; n += 1) desk.enter(`a${n}`, 'ann', 'first');
    await settle();
    desk.reads.get('a0')!.finish();
    expect(() => desk.enter('late', 'ann', 'first')).toThrow(refusal('key-expensive-reads'));
    desk.reads.get('a0')!.leave();
    desk.reads.get('a0')!.leave();
    desk.enter('next', 'ann', 'first');
    expect(() => desk.enter('late', 'ann', 'first')).toThrow(refusal('key-expensive-reads'));
  });

  it('skips a read whose client is gone before its turn', async () => {
    for (const name of ['a1', 'a2', 'a3', 'a4']) desk.enter(name, 'ann');
    desk.reads.get('a3')!.leave();
    desk.end('a1');
    await settle();
    expect(desk.turns).toEqual(['a1', 'a2', 'a4']);
    expect(desk.refused).toEqual(['a3: overloaded']);
    expect(desk.sut.counts.skipped).toBe(1);
  });

  it('keeps the turn of a read whose client is gone until its work has ended', async () => {
    for (const name of ['a1', 'a2', 'a3']) desk.enter(name, 'ann');
    desk.reads.get('a1')!.leave();
    await settle();
    expect(desk.turns).toEqual(['a1', 'a2']);
    desk.reads.get('a1')!.finish();
    await settle();
    expect(desk.turns).toEqual(['a1', 'a2', 'a3']);
  });

  it('refuses a read that has waited too long', async () => {
    for (const name of ['a1', 'a2', 'a3']) desk.enter(name, 'ann');
    jest.advanceTimersByTime(LIMITS.waitMsMax);
    desk.end('a1');
    await settle();
    expect([desk.turns, desk.refused]).toEqual([['a1', 'a2'], ['a3: overloaded']]);
  });

  it('forgets organisers that have nothing in progress', () => {
    for (let n = 0; n < 4; n += 1) desk.enter(`a${n}`, `organiser ${n}`);
    for (const name of desk.reads.keys()) desk.end(name);
    expect([desk.sut.running, desk.sut.waiting]).toEqual([0, 0]);
    expect(desk.sut['organisers'].size).toBe(0);
  });
});
