import type { MessagePort } from 'node:worker_threads';
import {
  ConnectionGate,
  databaseMetrics,
  TransactionRunner,
} from '../../platform/database/index.js';
import { valuesOf } from '../../platform/observability/index.js';
import type { CommandCounts } from '../engine/command-counts.js';
import { commandMetrics } from './engine-metrics.js';
import type { CommandQueue, QueuedRequest } from './command-queue.js';
import { toErrorData } from './error-data.js';
import {
  type FromEngine,
  type NumberedResult,
  readCommands,
  type ToEngine,
  writeResults,
} from './messages.js';

/** What the metrics of the thread are about. */
interface Observed {
  readonly counts: CommandCounts;
  readonly runner: TransactionRunner;
  readonly gate: ConnectionGate;
}

/** The engine's side of the border between the threads. */
export class EngineHost {
  /** Not answered yet. */
  private readonly commands = new Map<number, QueuedRequest>();
  private results: NumberedResult[] = [];
  private whenIdle: (() => void) | undefined;
  private readonly metrics;

  constructor(
    private readonly port: MessagePort,
    private readonly queue: CommandQueue,
    { counts, runner, gate }: Observed,
    private readonly stop: () => Promise<void>,
  ) {
    this.metrics = [...commandMetrics(counts), ...databaseMetrics(runner, gate)];
  }

  start(): void {
    this.port.on('message', (message: ToEngine) => this.receive(message));
    this.send({ kind: 'ready' });
  }

  private receive(message: ToEngine): void {
    if (message.kind === 'commands') this.submit(message.first, readCommands(message.commands));
    else if (message.kind === 'abandon') this.abandon(message.ids);
    else if (message.kind === 'report') void this.report(message.id);
    else void this.finish();
  }

  /**
   * Nobody waits for the commands that are left: the server has closed its connections. Those that have begun
   * end before the pool closes. A COMMIT that is cut short would have an unknown outcome.
   */
  private async finish(): Promise<void> {
    this.abandon(this.commands.keys());
    if (this.commands.size > 0) await new Promise<void>((resolve) => (this.whenIdle = resolve));
    await this.stop();
    this.port.close();
  }

  private submit(first: number, commands: readonly QueuedRequest[]): void {
    for (const [index, command] of commands.entries()) {
      const id = first + index;
      this.commands.set(id, command);
      this.queue.submit(command).then(
        (result) => this.answer({ id, result }),
        (error: unknown) => this.answer({ id, error: toErrorData(error) }),
      );
    }
  }

  private abandon(ids: Iterable<number>): void {
    for (const id of ids) {
      const command = this.commands.get(id);
      if (command !== undefined) command.isAbandoned = true;
    }
  }

  /** The results of a batch come at the same moment, and cross together. */
  private answer(result: NumberedResult): void {
    this.commands.delete(result.id);
    if (this.commands.size === 0) this.whenIdle?.();
    this.results.push(result);
    if (this.results.length === 1) queueMicrotask(() => this.flush());
  }

  private flush(): void {
    const { results } = this;
    this.results = [];
    this.send({ kind: 'results', results: writeResults(results) });
  }

  private async report(id: number): Promise<void> {
    const [report, own] = await Promise.all([this.queue.report(), valuesOf(this.metrics)]);
    this.send({ kind: 'report', id, report: { ...report, metrics: [...report.metrics, ...own] } });
  }

  private send(message: FromEngine): void {
    this.port.postMessage(message);
  }
}
