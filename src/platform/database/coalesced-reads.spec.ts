import fc from 'fast-check';
import { CoalescedReads } from './coalesced-reads.js';

/** A query that the test ends. */
interface Running {
  readonly key: string;
  /** When it started, by the test's clock. */
  readonly startedAt: number;
  end(): void;
  fail(error: unknown): void;
}

interface Answer {
  readonly key: string;
  readonly startedAt: number;
}

const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
};

/** Coalesced reads whose queries the test ends, and a clock that every event advances. */
class Held {
  clock = 0;
  readonly queries: Running[] = [];
  readonly running: Running[] = [];
  readonly reads = new CoalescedReads<Answer>((key) => {
    const startedAt = (this.clock += 1);
    return new Promise((resolve, reject) => {
      const query = {
        key,
        startedAt,
        end: () => this.over(query, () => resolve({ key, startedAt })),
        fail: (error: unknown) => this.over(query, () => reject(error)),
      };
      this.queries.push(query);
      this.running.push(query);
    });
  });

  get(key = 'gala'): Promise<Answer> {
    const answer = this.reads.get(key);
    answer.catch(() => undefined);
    return answer;
  }

  async drain(): Promise<void> {
    while (this.running.length > 0) {
      this.running[0]!.end();
      await settle();
    }
  }

  /** The number of entries in all its maps. */
  get remembered(): number {
    return Object.values(this.reads)
      .filter((part): part is Map<unknown, unknown> => part instanceof Map)
      .reduce((sum, map) => sum + map.size, 0);
  }

  private over(query: Running, tell: () => void): void {
    this.running.splice(this.running.indexOf(query), 1);
    tell();
  }
}

describe('CoalescedReads', () => {
  it('starts a single read at once', async () => {
    const held = new Held();
    const answer = held.get();
    expect(held.queries).toHaveLength(1);
    held.running[0]!.end();
    await expect(answer).resolves.toEqual({ key: 'gala', startedAt: 1 });
  });

  it('queries again for every read that comes alone', async () => {
    const held = new Held();
    for (let count = 1; count <= 3; count += 1) {
      const answer = held.get();
      await held.drain();
      await expect(answer).resolves.toEqual({ key: 'gala', startedAt: count });
    }
  });

  it('lets all reads during a query share the next one, which starts when it ends', async () => {
    const held = new Held();
    const first = held.get();
    const others = Array.from({ length: 100 }, () => held.get());
    await settle();
    expect(held.queries).toHaveLength(1);
    await held.drain();
    expect(held.queries).toHaveLength(2);
    await expect(first).resolves.toMatchObject({ startedAt: 1 });
    for (const answer of others) await expect(answer).resolves.toMatchObject({ startedAt: 2 });
  });

  it('delays a read by at most one other query', async () => {
    const held = new Held();
    void held.get();
    void held.get();
    held.running[0]!.end();
    await settle();
    const late = held.get();
    held.running[0]!.end();
    await settle();
    held.running[0]!.end();
    await expect(late).resolves.toMatchObject({ startedAt: 3 });
    expect(held.queries).toHaveLength(3);
  });

  it('does not delay reads of one key by reads of another', async () => {
    const held = new Held();
    void held.get('gala');
    const other = held.get('circus');
    expect(held.running.map((query) => query.key)).toEqual(['gala', 'circus']);
    held.running[1]!.end();
    await expect(other).resolves.toMatchObject({ key: 'circus' });
  });

  it('fails only the reads that shared the failed query', async () => {
    const held = new Held();
    const failure = new Error('gone');
    const before = held.get();
    const sharing = [held.get(), held.get(), held.get()];
    held.running[0]!.end();
    await settle();
    const after = held.get();
    held.running[0]!.fail(failure);
    await settle();
    await held.drain();
    await expect(before).resolves.toMatchObject({ startedAt: 1 });
    for (const answer of sharing) await expect(answer).rejects.toBe(failure);
    await expect(after).resolves.toMatchObject({ startedAt: 3 });
  });

  it('continues after a failed query', async () => {
    const held = new Held();
    const first = held.get();
    const next = held.get();
    held.running[0]!.fail(new Error('gone'));
    await expect(first).rejects.toThrow('gone');
    await settle();
    await held.drain();
    await expect(next).resolves.toMatchObject({ startedAt: 2 });
  });

  it('keeps no entries once all reads have ended', async () => {
    const held = new Held();
    for (let event = 0; event < 1_000; event += 1) {
      void held.get(`event ${event}`);
      if (event % 2 === 0) void held.get(`event ${event}`);
    }
    expect(held.remembered).toBeGreaterThan(1_000);
    while (held.running.length > 0) held.running[0]!.fail(new Error('gone'));
    await settle();
    await held.drain();
    expect(held.remembered).toBe(0);
  });

  // Reads and database answers in any order. `turns` lets microtasks run in between, so that a
  // half-finished hand-over would be seen.
  const step = fc.record({
    kind: fc.constantFrom('get', 'get', 'end', 'fail'),
    key: fc.constantFrom('gala', 'circus'),
    which: fc.nat(5),
    turns: fc.nat(5),
  });

  it('never settles a read with a query that started before it, in any order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const held = new Held();
        const asked: { key: string; at: number; end: Promise<PromiseSettledResult<Answer>[]> }[] =
          [];
        for (const { kind, key, which, turns } of steps) {
          const query = held.running[which % Math.max(1, held.running.length)];
          if (kind === 'get') {
            const at = held.clock;
            asked.push({ key, at, end: Promise.allSettled([held.get(key)]) });
          } else if (kind === 'end') query?.end();
          else query?.fail({ key: query.key, startedAt: query.startedAt });
          for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
          const keys = held.running.map((one) => one.key);
          expect(new Set(keys).size).toBe(keys.length);
        }
        await settle();
        await held.drain();
        for (const { key, at, end } of asked) {
          const [answer] = await end;
          const query = answer!.status === 'fulfilled' ? answer!.value : (answer!.reason as Answer);
          expect(query.key).toBe(key);
          expect(query.startedAt).toBeGreaterThan(at);
        }
        expect(held.queries.length).toBeLessThanOrEqual(asked.length);
        expect(held.remembered).toBe(0);
      }),
      { numRuns: 500 },
    );
  });
});
