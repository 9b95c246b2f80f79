import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import type { LoadResult, Plan } from '../load/plan.js';
import { onExit } from './exit-hooks.js';
import { COMPILED } from './paths.js';

type Message = { readonly result: LoadResult } | { readonly error: string };

/** The load generator's process: one for the whole run, so that it is equally warm for each strategy. */
export class GeneratorProcess {
  private constructor(private readonly child: ChildProcess) {}

  static start(): GeneratorProcess {
    const child = fork(join(COMPILED, 'load/generator.js'), { stdio: ['ignore', 2, 2, 'ipc'] });
    onExit(() => void child.kill());
    return new GeneratorProcess(child);
  }

  run(plan: Plan): Promise<LoadResult> {
    return new Promise((resolve, reject) => {
      const rejectOnExit = (): void => reject(new Error('the load generator exited'));
      this.child.once('exit', rejectOnExit);
      this.child.once('message', (message: Message) => {
        this.child.off('exit', rejectOnExit);
        if ('error' in message) reject(new Error(message.error));
        else resolve(message.result);
      });
      this.child.send(plan);
    });
  }
}
