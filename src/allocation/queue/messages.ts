import type { CommandResult } from '../engine/command-request.js';
import type { EngineReport, QueuedRequest } from './command-queue.js';
import type { ErrorData } from './error-data.js';

/** Commands and results cross between the threads by the hundred: a message costs more than its content. */
export type ToEngine =
  /** Commands are numbered in the order of their submission. */
  | {
      readonly kind: 'commands';
      readonly first: number;
      readonly commands: readonly QueuedRequest[];
    }
  /** Their clients have disconnected. */
  | { readonly kind: 'abandon'; readonly ids: readonly number[] }
  | { readonly kind: 'report'; readonly id: number }
  | { readonly kind: 'stop' };

export type FromEngine =
  | { readonly kind: 'ready' }
  | { readonly kind: 'results'; readonly results: readonly NumberedResult[] }
  | { readonly kind: 'report'; readonly id: number; readonly report: EngineReport };

export interface NumberedResult {
  readonly id: number;
  readonly result?: CommandResult;
  readonly error?: ErrorData;
}
