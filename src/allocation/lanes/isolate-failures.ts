import { DomainError } from '../../platform/errors/index.js';

/** Decides and writes a batch in one transaction; returns one outcome for each command, in order. */
export type RunBatch<Command, Outcome> = (batch: readonly Command[]) => Promise<readonly Outcome[]>;

/**
 * Runs a batch so that a command that fails does not fail the others.
 *
 * If the batch fails for a reason of its own (a bug, a violated constraint), it is run again in halves
 * down to the one command, which alone gets the error. A DomainError concerns the whole transaction, so
 * all its commands get it.
 *
 * @returns one result for each command, in order
 */
export async function runIsolatingFailures<Command, Outcome>(
  batch: readonly Command[],
  run: RunBatch<Command, Outcome>,
): Promise<PromiseSettledResult<Outcome>[]> {
  try {
    return toResults(batch, await run(batch));
  } catch (error) {
    if (batch.length === 1 || error instanceof DomainError) return rejectAll(batch, error);
    const half = Math.ceil(batch.length / 2);
    const first = await runIsolatingFailures(batch.slice(0, half), run);
    return [...first, ...(await runIsolatingFailures(batch.slice(half), run))];
  }
}

/** The batch is committed: outcomes that do not match it are a bug, and no reason to run it again. */
function toResults<Outcome>(
  batch: readonly unknown[],
  outcomes: readonly Outcome[],
): PromiseSettledResult<Outcome>[] {
  if (outcomes.length === batch.length) {
    return outcomes.map((value) => ({ status: 'fulfilled', value }));
  }
  return rejectAll(batch, new Error(`${batch.length} commands had ${outcomes.length} outcomes`));
}

const rejectAll = (batch: readonly unknown[], reason: unknown): PromiseRejectedResult[] =>
  batch.map(() => ({ status: 'rejected', reason }));
