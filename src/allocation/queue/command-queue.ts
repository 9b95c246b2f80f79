import type { MetricValues, Origin } from '../../platform/observability/index.js';
import type { CommandRequest, CommandResult } from '../engine/command-request.js';
import type { WriteState } from '../engine/write-watch.js';
import type { LaneState } from '../lanes/lane-statistics.js';

/** A command on its way to its lane: plain data. */
export interface QueuedRequest {
  readonly request: CommandRequest;
  /** Its section: commands with the same key run in order of arrival. */
  readonly key: string;
  /** Roughly how many rows it will write. */
  readonly weight: number;
  /** The trace of its request, if there is one: a batch is part of several traces. */
  readonly origin: Origin | undefined;
  /** Its client has disconnected: it need not run. */
  isAbandoned?: boolean;
}

/** The connection of the client that waits for the result. */
export interface Client {
  readonly destroyed: boolean;
}

/** The engine, to be observed: plain data. */
export interface EngineReport {
  readonly lanes: readonly LaneState[];
  readonly writes: WriteState;
  readonly metrics: readonly MetricValues[];
  /** How long ago a batch that wrote something was committed. */
  readonly writtenMsAgo: number;
}

/** The CommandQueue of another thread, if the engine does not run in this one. */
export const ENGINE_THREAD = Symbol('engine thread');

/** The way to the engine, in this thread or another. */
export abstract class CommandQueue {
  /**
   * @param client if it disconnects before the command is begun, the command is left out
   * @returns the result; a refusal is an outcome
   * @throws {DomainError} `overloaded`, or how its transaction failed
   */
  abstract submit(command: QueuedRequest, client?: Client): Promise<CommandResult>;

  abstract report(): Promise<EngineReport>;
}
