import type { MessagePort } from 'node:worker_threads';
import {
  ConnectionGate,
  databaseMetrics,
  TransactionRunner,
} from '../../platform/database/index.js';
import { valuesOf } from '../../platform/observability/index.js';
import type { CommandCounts } from '../engine/command-counts.js';
import { commandMetrics } from './engine-metrics.js';
import type { CommandQueue } from './command-queue.js';
import { toErrorData } from './error-data.js';
import type { FromEngine, NumberedResult, ToEngine } from './messages.js';

/** What the metrics of the thread are about. */
interface Observed {
  readonly counts: CommandCounts;
  readonly runner: TransactionRunner;
  readonly gate: ConnectionGate;
}

/** The engine's side of the border between the threads. */
export class EngineHost {
  private results: NumberedResult[] = [];
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
    if (message.kind === 'commands') {
      for (const [index, command] of message.commands.entries()) {
        const id = message.first + index;
        this.queue.submit(command).then(
          (result) => this.answer({ id, result }),
          (error: unknown) => this.answer({ id, error: toErrorData(error) }),
        );
      }
    } else if (message.kind === 'report') void this.report(message.id);
    else void this.stop().then(() => this.port.close());
  }

  /** The results of a batch come at the same moment, and cross together. */
  private answer(result: NumberedResult): void {
    this.results.push(result);
    if (this.results.length === 1) queueMicrotask(() => this.flush());
  }

  private flush(): void {
    const { results } = this;
    this.results = [];
    this.send({ kind: 'results', results });
  }

  private async report(id: number): Promise<void> {
    const [{ lanes, metrics }, own] = await Promise.all([
      this.queue.report(),
      valuesOf(this.metrics),
    ]);
    this.send({ kind: 'report', id, report: { lanes, metrics: [...metrics, ...own] } });
  }

  private send(message: FromEngine): void {
    this.port.postMessage(message);
  }
}
