import { DomainError } from '../../platform/errors/index.js';
import { groupBy } from '../../platform/common/index.js';

/** Decides and writes a batch in one transaction; returns one outcome for each command, in order. */
export type RunBatch<Command, Outcome> = (batch: readonly Command[]) => Promise<readonly Outcome[]>;

/**
 * Runs a batch so that a command that fails does not fail the others.
 *
 * If the batch fails for a reason of its own (a bug, a violated constraint), it is run again in halves
 * down to the one command, which alone gets the error. A DomainError concerns the whole transaction, so
 * all its commands get it. The exception is a lock timeout: perhaps only one section is locked
 * elsewhere, so each section is tried by itself.
 *
 * @returns one result for each command, in order
 */
export async function runIsolatingFailures<Command extends { readonly key: string }, Outcome>(
  batch: readonly Command[],
  run: RunBatch<Command, Outcome>,
): Promise<PromiseSettledResult<Outcome>[]> {
  try {
    return toResults(batch, await run(batch));
  } catch (error) {
    if (isLockTimeout(error)) return runByKey(batch, run, error);
    if (batch.length === 1 || error instanceof DomainError) return rejectAll(batch, error);
    const half = Math.ceil(batch.length / 2);
    const first = await runIsolatingFailures(batch.slice(0, half), run);
    return [...first, ...(await runIsolatingFailures(batch.slice(half), run))];
  }
}

async function runByKey<Command extends { readonly key: string }, Outcome>(
  batch: readonly Command[],
  run: RunBatch<Command, Outcome>,
  error: unknown,
): Promise<PromiseSettledResult<Outcome>[]> {
  const groups = [...groupBy(batch, ({ key }) => key).values()];
  if (groups.length === 1) return rejectAll(batch, error);
  const results = new Map<Command, PromiseSettledResult<Outcome>>();
  await Promise.all(
    groups.map(async (group) => {
      const ofGroup = await runIsolatingFailures(group, run);
      for (const [index, command] of group.entries()) results.set(command, ofGroup[index]!);
    }),
  );
  return batch.map((command) => results.get(command)!);
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

const isLockTimeout = (error: unknown): boolean =>
  error instanceof DomainError && error.code === 'lock_timeout';
