import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { outcomeUnknown } from '../../platform/database/index.js';
import { overloaded } from '../../platform/errors/index.js';
import type { Client, CommandQueue, EngineReport, QueuedRequest } from './command-queue.js';
import type { CommandResult } from '../engine/command-request.js';
import { toError } from './error-data.js';
import {
  type FromEngine,
  type NumberedResult,
  readResults,
  type ToEngine,
  writeCommands,
} from './messages.js';

/** As many as one batch takes: waiting for more would only delay them. */
const COMMANDS_MAX = 256;

const RESTART_MS = 250;
const RESTART_MS_MAX = 10_000;

/** How often to look for clients that have disconnected: an event for each would cost more. */
const SWEEP_MS = 250;

/** The report of a thread that has ended, or has not started yet: nothing runs. */
const NOTHING: EngineReport = {
  lanes: [],
  writes: 'failing',
  metrics: [],
  writtenMsAgo: Infinity,
};

interface Caller {
  readonly resolve: (result: CommandResult) => void;
  readonly reject: (error: unknown) => void;
  /** Undefined also once the engine knows that it has disconnected. */
  client: Client | undefined;
}

/**
 * The engine in a thread with an event loop of its own, so that transactions never wait for HTTP work:
 * while thousands of sockets are readable, one turn of the loop that serves them takes a second.
 *
 * If the thread dies, the outcome of the commands that it had is unknown. A new one starts, and takes the
 * commands that were not sent yet.
 */
export class EngineThread implements CommandQueue {
  private worker: Worker | undefined;
  private isReady = false;
  private restartMs = RESTART_MS;
  private isStopping = false;
  private submitted = 0;
  private reported = 0;
  private readonly callers = new Map<number, Caller>();
  private readonly reports = new Map<number, (report: EngineReport) => void>();
  /** Submitted, but not sent yet: the last ones by number. */
  private unsent: QueuedRequest[] = [];
  private isFlushing = false;
  private sweeps: NodeJS.Timeout | undefined;

  /** @param onCrash gets the error that ended a thread; another one is started */
  constructor(
    private readonly start: () => Worker,
    private readonly onCrash: (error: unknown) => void,
  ) {}

  /** Resolves once the engine accepts commands. @throws if it cannot start */
  async open(): Promise<void> {
    const worker = this.launch();
    await Promise.race([
      once(worker, 'message'),
      once(worker, 'exit').then(() => {
        throw new Error('The engine thread could not start');
      }),
    ]);
  }

  submit(command: QueuedRequest, client?: Client): Promise<CommandResult> {
    return new Promise((resolve, reject) => {
      this.callers.set(this.submitted, { resolve, reject, client });
      this.sweepSoon();
      this.submitted += 1;
      this.unsent.push(command);
      if (this.unsent.length >= COMMANDS_MAX) this.flush();
      else this.flushSoon();
    });
  }

  report(): Promise<EngineReport> {
    if (!this.isReady) return Promise.resolve(NOTHING);
    return new Promise((resolve) => {
      const id = this.reported;
      this.reported += 1;
      this.reports.set(id, resolve);
      this.send({ kind: 'report', id });
    });
  }

  async close(): Promise<void> {
    this.isStopping = true;
    if (this.worker === undefined) return;
    const { worker } = this;
    const exited = new Promise((resolve) => worker.once('exit', resolve));
    this.send({ kind: 'stop' });
    await exited;
  }

  /** Tells the engine which clients have disconnected. */
  private abandon(): void {
    this.sweeps = undefined;
    const ids: number[] = [];
    for (const [id, caller] of this.callers) {
      if (caller.client?.destroyed !== true) continue;
      caller.client = undefined;
      if (id < this.firstUnsent) ids.push(id);
      else this.unsent[id - this.firstUnsent]!.isAbandoned = true;
    }
    if (ids.length > 0) this.send({ kind: 'abandon', ids });
    if (this.callers.size > 0) this.sweepSoon();
  }

  private sweepSoon(): void {
    this.sweeps ??= setTimeout(() => this.abandon(), SWEEP_MS).unref();
  }

  private get firstUnsent(): number {
    return this.submitted - this.unsent.length;
  }

  private flushSoon(): void {
    if (this.isFlushing) return;
    this.isFlushing = true;
    // After the sockets that are readable now: requests of the same moment share the message.
    setImmediate(() => {
      this.isFlushing = false;
      this.flush();
    });
  }

  private flush(): void {
    const { firstUnsent: first, unsent } = this;
    if (!this.isReady || unsent.length === 0) return;
    this.unsent = [];
    this.send({ kind: 'commands', first, commands: writeCommands(unsent) });
  }

  private send(message: ToEngine): void {
    this.worker?.postMessage(message);
  }

  private launch(): Worker {
    const worker = this.start();
    this.worker = worker;
    worker.on('message', (message: FromEngine) => this.receive(message));
    let failure: unknown;
    worker.on('error', (error) => (failure = error));
    worker.on('exit', (code) =>
      this.onExit(failure ?? new Error(`It ended with exit code ${code}`)),
    );
    return worker;
  }

  private receive(message: FromEngine): void {
    if (message.kind === 'results') {
      for (const result of readResults(message.results)) this.settle(result);
    } else if (message.kind === 'report') {
      this.reports.get(message.id)?.(message.report);
      this.reports.delete(message.id);
    } else {
      this.isReady = true;
      this.restartMs = RESTART_MS;
      this.flush();
    }
  }

  private settle({ id, result, error }: NumberedResult): void {
    const caller = this.callers.get(id);
    if (caller === undefined) return;
    this.callers.delete(id);
    if (result !== undefined) caller.resolve(result);
    else caller.reject(toError(error!));
  }

  private onExit(failure: unknown): void {
    const hasServed = this.isReady;
    this.isReady = false;
    this.worker = undefined;
    for (const resolve of this.reports.values()) resolve(NOTHING);
    this.reports.clear();
    if (this.isStopping) return;
    this.rejectSent();
    // Nothing will begin soon, as the thread could not even start.
    if (!hasServed) this.rejectUnsent();
    this.onCrash(failure);
    setTimeout(() => this.isStopping || this.launch(), this.restartMs).unref();
    this.restartMs = Math.min(2 * this.restartMs, RESTART_MS_MAX);
  }

  private rejectSent(): void {
    for (const [id, { reject }] of this.callers) {
      if (id >= this.firstUnsent) continue;
      this.callers.delete(id);
      reject(outcomeUnknown(new Error('The engine thread has ended')));
    }
  }

  private rejectUnsent(): void {
    this.unsent = [];
    for (const { reject } of this.callers.values()) reject(overloaded());
    this.callers.clear();
  }
}
