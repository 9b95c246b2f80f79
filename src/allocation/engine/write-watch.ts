import { withTimeout } from '../../platform/common/index.js';
import { isDiskFull } from '../../platform/database/index.js';
import { DomainError } from '../../platform/errors/index.js';

/** Whether batches can be committed; `full` if the database has no space left. */
export type WriteState = 'up' | 'failing' | 'full';

/**
 * On a full disk, small changes still find room in the files as they are: a write that succeeds proves little
 * for some time.
 */
const FULL_MS = 5_000;

const ANSWER_MS_MAX = 1_000;

interface Failure {
  readonly state: Exclude<WriteState, 'up'>;
  readonly at: number;
}

/**
 * Knows whether the database accepts batches. A batch that the database refused may be the last one, because
 * an instance that is not ready gets no requests. So from then on, every check tries a write itself.
 */
export class WriteWatch {
  private failure: Failure | undefined;
  private trial: Promise<void> | undefined;

  /** @param tryWrite commits a change that leaves nothing behind */
  constructor(private readonly tryWrite: () => Promise<void>) {}

  /** A batch has failed. */
  noteError(error: unknown): void {
    if (!(error instanceof DomainError) || !ABOUT_THE_DATABASE.has(error.code)) return;
    this.failure = { state: isDiskFull(error.cause) ? 'full' : 'failing', at: performance.now() };
  }

  /** A batch was committed. That does not mean that there is space again. */
  noteCommit(): void {
    if (this.failure?.state === 'failing') this.failure = undefined;
  }

  async check(): Promise<WriteState> {
    const { failure } = this;
    if (failure === undefined) return 'up';
    const isRecent = performance.now() - failure.at < FULL_MS;
    if (failure.state === 'full' && isRecent) return 'full';
    this.trial ??= this.tryAgain(failure).finally(() => (this.trial = undefined));
    await withTimeout(this.trial, ANSWER_MS_MAX, () => undefined);
    return this.failure?.state ?? 'up';
  }

  private async tryAgain(failure: Failure): Promise<void> {
    try {
      await this.tryWrite();
      // Not if a batch has failed meanwhile.
      if (this.failure === failure) this.failure = undefined;
    } catch (error) {
      this.noteError(error);
    }
  }
}

const ABOUT_THE_DATABASE: ReadonlySet<string> = new Set([
  'database_unavailable',
  'outcome_unknown',
]);
