import { LabelMap } from '../../platform/observability/index.js';
import type { CommandRequest, CommandResult } from './command-request.js';
import type { Message, MessageType } from '../core/section-state.js';

interface Counter {
  count: number;
}

/** Outcomes and messages of committed transactions since the start, for the metrics. */
export class CommandCounts {
  /** By kind of command, outcome, and code if it was refused. */
  readonly commands = new LabelMap<Counter>(() => ({ count: 0 }));
  /** By type. */
  readonly messages = new Map<MessageType, number>();
  /** Commands that failed because counters disagree with rows. */
  counterErrors = 0;

  add(
    requests: readonly CommandRequest[],
    results: readonly CommandResult[],
    messages: readonly Message[],
  ): void {
    for (let index = 0; index < requests.length; index += 1) {
      this.count(requests[index]!.kind, results[index]!);
    }
    for (const { type } of messages) this.messages.set(type, (this.messages.get(type) ?? 0) + 1);
  }

  /** The outcome of a replay was counted when it happened. */
  private count(kind: CommandRequest['kind'], { outcome, isReplay }: CommandResult): void {
    const name = isReplay ? 'replayed' : outcome.kind;
    const code = !isReplay && outcome.kind === 'refused' ? outcome.refusal.code : '';
    this.commands.of(kind, name, code).count += 1;
  }
}
