import { setImmediate as turn } from 'node:timers/promises';
import { uuidV7 } from '../../platform/common/index.js';
import { totalsOf } from '../../../test/kit/histogram.js';
import {
  answering,
  command,
  Held,
  overloaded,
  range,
  served,
} from '../../../test/unit/support/test-lanes.js';

// Makes a command that is never answered fail fast.
jest.setTimeout(5_000);

describe('Lanes', () => {
  describe('batching', () => {
    it('runs a single command at once, in its own batch', async () => {
      const held = new Held();
      const [answer] = held.submit([command(1)]);
      await turn();
      expect(held.batches).toEqual([[1]]);
      held.running[0]!.end();
      await expect(answer).resolves.toBe('served 1');
      expect(await held.traffic()).toEqual({ batches: 1, commands: 1 });
    });

    it('starts the next lone command at once, too', async () => {
      const held = new Held();
      for (const name of range(3)) {
        void held.submit([command(name)]);
        await turn();
        expect(held.batches).toHaveLength(name + 1);
        held.running[name]!.end();
        await turn();
      }
      expect(held.batches).toEqual([[0], [1], [2]]);
    });

    it('puts commands of the same moment into one batch', async () => {
      const held = new Held();
      void held.submit(range(5).map((name) => command(name)));
      await turn();
      expect(held.batches).toEqual([range(5)]);
    });

    it('runs commands that arrive during a batch as the next batch, in order of arrival', async () => {
      const held = new Held();
      const answers = held.submit([command(0)]);
      await turn();
      for (const name of range(20, 1)) {
        answers.push(...held.submit([command(name)]));
        await turn();
      }
      expect(held.batches).toEqual([[0]]);
      expect(held.depths).toEqual([20]);
      await held.drain();
      expect(held.batches).toEqual([[0], range(20, 1)]);
      expect(held.depths).toEqual([0]);
      await expect(Promise.all(answers)).resolves.toEqual(range(21).map(served));
      expect(await held.traffic()).toEqual({ batches: 2, commands: 21 });
    });

    it('limits a batch to 256 commands', async () => {
      const held = new Held();
      void held.submit(range(600).map((name) => command(name)));
      await turn();
      await held.drain();
      expect(held.batches).toEqual([range(256), range(256, 256), range(88, 512)]);
    });

    it('starts at once when a whole batch waits', () => {
      const held = new Held();
      void held.submit(range(255).map((name) => command(name)));
      expect(held.batches).toEqual([]);
      void held.submit([command(255)]);
      expect(held.batches).toEqual([range(256)]);
    });

    it('gives each section an equal part of a batch, and the rest to those with more commands', async () => {
      const held = new Held();
      void held.submit([command(0)]);
      await turn();
      void held.submit(range(1_000, 1_000).map((name) => command(name, 'hot')));
      void held.submit(range(3, 1).map((name) => command(name, `quiet ${name}`)));
      held.running[0]!.end();
      await turn();
      expect(held.batches[1]).toHaveLength(256);
      expect(held.batches[1]).toEqual(expect.arrayContaining(range(3, 1)));
    });

    it('lets the sections that a batch left out go first in the next one', async () => {
      const held = new Held();
      void held.submit([command(-1)]);
      await turn();
      void held.submit(range(300).map((name) => command(name, `section ${name}`)));
      held.running[0]!.end();
      await turn();
      void held.submit(range(300, 300).map((name) => command(name, `section ${name - 300}`)));
      held.running[1]!.end();
      await turn();
      expect(held.batches[1]).toEqual(range(256));
      expect(held.batches[2]!.filter((name) => name < 300)).toEqual(range(44, 256));
    });

    it('limits a batch to a weight of 5,000', async () => {
      const held = new Held();
      void held.submit(
        [2_000, 3_000, 1, 4_999, 1].map((weight, name) => command(name, 'stalls', weight)),
      );
      await turn();
      await held.drain();
      expect(held.batches).toEqual([[0, 1], [2, 3], [4]]);
    });

    it('runs a single command above the maximum weight alone, in its turn', async () => {
      const held = new Held();
      void held.submit([1, 10_000, 1, 1].map((weight, name) => command(name, 'stalls', weight)));
      await turn();
      await held.drain();
      expect(held.batches).toEqual([[0], [1], [2, 3]]);
    });
  });

  describe('assignment to lanes', () => {
    it('always uses the same lane for a key', async () => {
      const held = new Held({ lanes: 8 });
      const sections = range(100).map(() => uuidV7());
      for (const key of sections) {
        void held.submit([command(1, key), command(2, key), command(3, key)]);
        expect(held.depths.filter((depth) => depth === 3)).toHaveLength(1);
        await turn();
        await held.drain();
        held.running.length = 0;
      }
    });

    it('spreads keys over all lanes', () => {
      const held = new Held({ lanes: 4 });
      void held.submit(range(1_000).map((name) => command(name, uuidV7())));
      const running = held.running.map(({ names }) => names.length);
      const waiting = held.depths.reduce((sum, depth) => sum + depth, 0);
      expect(waiting + running.reduce((sum, count) => sum + count, 0)).toBe(1_000);
      expect(
        held.running.length + held.depths.filter((depth) => depth > 175).length,
      ).toBeGreaterThanOrEqual(4);
    });

    it('runs lanes concurrently, and one batch at a time in each', async () => {
      const held = new Held({ lanes: 4 });
      void held.submit(range(100).map((name) => command(name, uuidV7())));
      await turn();
      expect(held.running).toHaveLength(4);
      void held.submit(range(100, 100).map((name) => command(name, uuidV7())));
      await turn();
      expect(held.running).toHaveLength(4);
      held.running[2]!.end();
      await turn();
      expect(held.running).toHaveLength(5);
    });
  });

  describe('one failing command', () => {
    const poison = new Error('CONSTRAINT');

    it('does not stop its lane', async () => {
      const { lanes } = answering((names) => {
        if (names.includes(1)) throw poison;
        return names.map(served);
      });
      await expect(lanes.submit(command(1))).rejects.toBe(poison);
      await expect(lanes.submit(command(2))).resolves.toBe('served 2');
    });

    it('delays later commands until its batch is settled', async () => {
      const held = new Held();
      void held.submit(range(2).map((name) => command(name)));
      await turn();
      void held.submit([command(2)]);
      held.running[0]!.fail(poison);
      await turn();
      await held.drain();
      expect(held.batches.slice(1)).toEqual([[0], [1], [2]]);
    });
  });
});

describe('the state of lanes', () => {
  afterEach(() => jest.restoreAllMocks());

  it('reports how many commands wait, and how long its batch has been running', async () => {
    const clock = jest.spyOn(performance, 'now').mockReturnValue(1_000);
    const held = new Held();
    expect(held.lanes.states).toEqual([{ waiting: 0, locked: 0, busyMs: 0 }]);
    void held.submit([command(1)]);
    await turn();
    clock.mockReturnValue(1_500);
    void held.submit([command(2), command(3)]);
    expect(held.lanes.states).toEqual([{ waiting: 2, locked: 0, busyMs: 500 }]);
    held.running[0]!.end();
    await turn();
    clock.mockReturnValue(1_700);
    expect(held.lanes.states).toEqual([{ waiting: 0, locked: 0, busyMs: 200 }]);
    await held.drain();
    expect(held.lanes.states).toEqual([{ waiting: 0, locked: 0, busyMs: 0 }]);
  });

  it('measures waits and batch times, also of batches that fail', async () => {
    const clock = jest.spyOn(performance, 'now').mockReturnValue(0);
    const held = new Held();
    void held.submit([command(1)]);
    clock.mockReturnValue(250);
    await turn();
    clock.mockReturnValue(1_250);
    held.running[0]!.fail(new Error('planted'));
    await turn();
    const { waits, batchTimes, batchSizes } = held.lanes.statistics;
    expect(await totalsOf(waits)).toEqual({ count: 1, sum: 0.25 });
    expect(await totalsOf(batchTimes)).toEqual({ count: 1, sum: 1 });
    expect(await totalsOf(batchSizes)).toEqual({ count: 1, sum: 1 });
  });
});

describe('lanes under trouble', () => {
  it('goes on with the next commands after a whole batch that nobody waits for', async () => {
    const held = new Held();
    const clock = jest.spyOn(performance, 'now').mockReturnValue(0);
    void held.submit([command(0)]);
    await turn();
    const late = held.submit(range(300, 1).map((name) => command(name)));
    clock.mockReturnValue(9_000);
    const [timely] = held.submit([command(301)]);
    clock.mockReturnValue(10_001);
    await held.drain();
    clock.mockRestore();
    for (const answer of late) await expect(answer).rejects.toEqual(overloaded);
    await expect(timely).resolves.toBe('served 301');
    expect(held.batches).toEqual([[0], [301]]);
  });

  it('leaves out a command whose client has disconnected before its batch was taken', async () => {
    const held = new Held();
    void held.submit([command(0)]);
    await turn();
    const gone = { ...command(1), isAbandoned: false };
    const [left, kept] = held.submit([gone, command(2)]);
    gone.isAbandoned = true;
    await held.drain();
    await expect(left).rejects.toEqual(overloaded);
    await expect(kept).resolves.toBe('served 2');
    expect(held.batches).toEqual([[0], [2]]);
    expect(held.lanes.statistics.abandoned).toBe(1);
  });

  it('refuses a command that has waited for more than ten seconds, without running it', async () => {
    const held = new Held();
    const clock = jest.spyOn(performance, 'now').mockReturnValue(0);
    const [first] = held.submit([command(1)]);
    await turn();
    const [late] = held.submit([command(2)]);
    clock.mockReturnValue(9_000);
    const [timely] = held.submit([command(3)]);
    clock.mockReturnValue(10_001);
    await held.drain();
    clock.mockRestore();
    await expect(first).resolves.toBe('served 1');
    await expect(late).rejects.toEqual(overloaded);
    await expect(timely).resolves.toBe('served 3');
    expect(held.batches).toEqual([[1], [3]]);
    expect(held.lanes.statistics.late).toBe(1);
  });
});
