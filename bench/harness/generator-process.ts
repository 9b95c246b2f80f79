import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import type { LoadResult, Plan } from '../load/plan.js';
import { onExit } from './exit-hooks.js';
import { COMPILED } from './paths.js';

type Message = { readonly id: number } & (
  { readonly result: LoadResult } | { readonly error: string }
);

interface Waiter {
  readonly resolve: (result: LoadResult) => void;
  readonly reject: (error: Error) => void;
}

/**
 * The load generator's process: one for the whole run, so that it is equally warm for each strategy. It can run
 * several plans at once; an attack gets a process of its own, so that it does not delay what is measured.
 */
export class GeneratorProcess {
  private readonly waiting = new Map<number, Waiter>();
  private plans = 0;

  private constructor(private readonly child: ChildProcess) {
    child.on('message', (message: Message) => this.settle(message));
    child.once('exit', () => {
      for (const { reject } of this.waiting.values()) {
        reject(new Error('the load generator exited'));
      }
    });
  }

  static start(): GeneratorProcess {
    const child = fork(join(COMPILED, 'load/generator.js'), { stdio: ['ignore', 2, 2, 'ipc'] });
    onExit(() => void child.kill());
    return new GeneratorProcess(child);
  }

  run(plan: Plan): Promise<LoadResult> {
    return new Promise((resolve, reject) => {
      this.plans += 1;
      this.waiting.set(this.plans, { resolve, reject });
      this.child.send({ id: this.plans, plan });
    });
  }

  stop(): void {
    this.child.kill();
  }

  private settle(message: Message): void {
    const plan = this.waiting.get(message.id);
    this.waiting.delete(message.id);
    if ('error' in message) plan?.reject(new Error(message.error));
    else plan?.resolve(message.result);
  }
}
