import type { Outcome } from '../core/outcomes.js';
import { type StoredOutcome, toOutcome } from '../core/stored-outcome.js';
import type { CommandResult } from '../engine/command-request.js';
import type { EngineReport, QueuedRequest } from './command-queue.js';
import type { ErrorData } from './error-data.js';

/**
 * Commands and results cross between the threads by the hundred, because a message costs more than its
 * content; and as JSON, because that takes little more than half the time of a structured clone.
 */
export type ToEngine =
  /** `commands` holds QueuedRequests. They are numbered in the order of their submission. */
  | { readonly kind: 'commands'; readonly first: number; readonly commands: string }
  /** Their clients have disconnected. */
  | { readonly kind: 'abandon'; readonly ids: readonly number[] }
  | { readonly kind: 'report'; readonly id: number }
  | { readonly kind: 'stop' };

export type FromEngine =
  | { readonly kind: 'ready' }
  /** `results` holds NumberedResults. */
  | { readonly kind: 'results'; readonly results: string }
  | { readonly kind: 'report'; readonly id: number; readonly report: EngineReport };

export interface NumberedResult<Result = CommandResult> {
  readonly id: number;
  readonly result?: Result;
  readonly error?: ErrorData;
}

export const writeCommands = (commands: readonly QueuedRequest[]): string =>
  JSON.stringify(commands);

export const readCommands = (commands: string): readonly QueuedRequest[] =>
  JSON.parse(commands) as readonly QueuedRequest[];

export const writeResults = (results: readonly NumberedResult[]): string => JSON.stringify(results);

interface StoredResult {
  readonly outcome: StoredOutcome;
  readonly isReplay: boolean;
}

export function readResults(results: string): readonly NumberedResult[] {
  return (JSON.parse(results) as readonly NumberedResult<StoredResult>[]).map(
    ({ id, result, error }) => {
      if (result === undefined) return { id, error: error! };
      const outcome: Outcome = toOutcome(result.outcome);
      return { id, result: { outcome, isReplay: result.isReplay } };
    },
  );
}
