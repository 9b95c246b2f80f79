import { setImmediate as turn } from 'node:timers/promises';
import { Lanes } from '../../../src/allocation/lanes/lanes.js';
import { totalsOf } from '../../kit/histogram.js';

export interface TestCommand {
  readonly key: string;
  readonly weight: number;
  readonly name: number;
}

export const WAIT_MS_MAX = 10_000;

/** A running batch, which the test ends. */
interface Running {
  readonly names: readonly number[];
  end(): void;
  fail(error: unknown): void;
}

export const command = (name: number, key = 'stalls', weight = 1): TestCommand => ({
  key,
  weight,
  name,
});

export const range = (count: number, from = 0): number[] =>
  Array.from({ length: count }, (_, index) => from + index);

export const served = (name: number): string => `served ${name}`;

export const overloaded = expect.objectContaining({
  code: 'overloaded',
  retryAfterSeconds: 1,
});

/** Lanes whose batches the test ends one by one. */
export class Held {
  readonly running: Running[] = [];
  readonly lanes: Lanes<TestCommand, string>;

  constructor({ lanes = 1 } = {}) {
    this.lanes = new Lanes({ lanes, waitMsMax: WAIT_MS_MAX }, (batch) => {
      const names = batch.map(({ name }) => name);
      return new Promise((resolve, reject) => {
        this.running.push({ names, end: () => resolve(names.map(served)), fail: reject });
      });
    });
  }

  /** Submits at once; the promises settle when their batches end. */
  submit(commands: readonly TestCommand[]): Promise<string>[] {
    return commands.map((one) => {
      const answer = this.lanes.submit(one);
      answer.catch(() => undefined);
      return answer;
    });
  }

  async traffic(): Promise<object> {
    const { batchSizes } = this.lanes.statistics;
    const { count, sum } = await totalsOf(batchSizes);
    return { batches: count, commands: sum };
  }

  /** Number of commands that wait in each lane. */
  get depths(): readonly number[] {
    return this.lanes.states.map(({ waiting }) => waiting);
  }

  get batches(): (readonly number[])[] {
    return this.running.map((batch) => batch.names);
  }

  /** Ends batches until none runs. */
  async drain(): Promise<void> {
    for (let ended = 0; ended < this.running.length; ended += 1) {
      this.running[ended]!.end();
      await turn();
    }
  }
}

/** Lanes whose batches are answered by a function at once. */
export function answering(
  answer: (names: readonly number[]) => readonly string[] | Promise<readonly string[]>,
): { lanes: Lanes<TestCommand, string>; runs: (readonly number[])[] } {
  const runs: (readonly number[])[] = [];
  const lanes = new Lanes<TestCommand, string>({ lanes: 1, waitMsMax: WAIT_MS_MAX }, (batch) => {
    const names = batch.map(({ name }) => name);
    runs.push(names);
    // A function that throws synchronously must be caught as well.
    return answer(names) as Promise<readonly string[]>;
  });
  return { lanes, runs };
}

export const submitAll = (
  lanes: Lanes<TestCommand, string>,
  names: readonly number[],
): Promise<PromiseSettledResult<string>[]> =>
  Promise.allSettled(names.map((name) => lanes.submit(command(name))));
