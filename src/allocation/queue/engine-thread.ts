import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { outcomeUnknown } from '../../platform/database/index.js';
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

/** How often to look for clients that have disconnected: an event for each would cost more. */
const SWEEP_MS = 250;

/** The report of a thread that has ended: as long as it is missing, nothing runs. */
const NOTHING: EngineReport = { lanes: [], metrics: [] };

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
      this.sweeps ??= setTimeout(() => this.abandon(), SWEEP_MS).unref();
      this.submitted += 1;
      this.unsent.push(command);
      if (this.unsent.length >= COMMANDS_MAX) this.flush();
      else this.flushSoon();
    });
  }

  report(): Promise<EngineReport> {
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
    const exited = once(this.worker, 'exit');
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
      ids.push(id);
    }
    if (ids.length > 0) this.send({ kind: 'abandon', ids });
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
    const commands = this.unsent;
    if (!this.isReady || commands.length === 0) return;
    this.unsent = [];
    this.send({
      kind: 'commands',
      first: this.submitted - commands.length,
      commands: writeCommands(commands),
    });
  }

  private send(message: ToEngine): void {
    this.worker?.postMessage(message);
  }

  private launch(): Worker {
    const worker = this.start();
    this.worker = worker;
    worker.on('message', (message: FromEngine) => this.receive(message));
    worker.on('error', (error) => this.onCrash(error));
    worker.on('exit', () => this.onExit());
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

  private onExit(): void {
    this.isReady = false;
    this.worker = undefined;
    const firstUnsent = this.submitted - this.unsent.length;
    for (const [id, { reject }] of this.callers) {
      if (id >= firstUnsent) continue;
      this.callers.delete(id);
      reject(outcomeUnknown(new Error('The engine thread has ended')));
    }
    for (const resolve of this.reports.values()) resolve(NOTHING);
    this.reports.clear();
    setTimeout(() => this.isStopping || this.launch(), RESTART_MS).unref();
  }
}
