import { DomainError } from '../../platform/errors/index.js';
import { WriteWatch } from './write-watch.js';

const unavailable = (errno: number): DomainError => {
  const cause = Object.assign(new Error('what the server said'), { errno });
  return new DomainError('database_unavailable', { cause });
};

describe('WriteWatch', () => {
  let works: boolean;
  let trials: number;
  let watch: WriteWatch;
  beforeEach(() => {
    jest.useFakeTimers();
    works = false;
    trials = 0;
    watch = new WriteWatch(async () => {
      trials += 1;
      if (!works) throw unavailable(1290);
    });
  });
  afterEach(() => jest.useRealTimers());

  it('tries nothing while batches are committed', async () => {
    watch.noteError(new DomainError('lock_timeout'));
    watch.noteError(new Error('a bug'));
    expect([await watch.check(), trials]).toEqual(['up', 0]);
  });

  it.each([unavailable(1045), new DomainError('outcome_unknown')])(
    'is failing after a batch that failed with %p, until a write succeeds',
    async (error) => {
      watch.noteError(error);
      expect([await watch.check(), await watch.check()]).toEqual(['failing', 'failing']);
      works = true;
      expect([await watch.check(), await watch.check(), trials]).toEqual(['up', 'up', 3]);
    },
  );

  it('is up again once a batch is committed, unless a disk was full', async () => {
    watch.noteError(unavailable(1045));
    watch.noteCommit();
    expect([await watch.check(), trials]).toEqual(['up', 0]);
    watch.noteError(unavailable(1114));
    watch.noteCommit();
    expect(await watch.check()).toBe('full');
  });

  it('is full for some seconds after a disk was full, whatever small writes do', async () => {
    works = true;
    watch.noteError(unavailable(1114));
    expect([await watch.check(), trials]).toEqual(['full', 0]);
    jest.advanceTimersByTime(5_000);
    expect([await watch.check(), trials]).toEqual(['up', 1]);
  });

  it('answers within a second while a write gets no answer, and does not try another', async () => {
    watch = new WriteWatch(() => {
      trials += 1;
      return new Promise(() => undefined);
    });
    watch.noteError(unavailable(2013));
    for (let nth = 0; nth < 2; nth += 1) {
      const state = watch.check();
      await jest.advanceTimersByTimeAsync(1_000);
      expect(await state).toBe('failing');
    }
    expect(trials).toBe(1);
  });
});
