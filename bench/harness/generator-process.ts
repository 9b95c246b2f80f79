import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import type { LoadResult, Plan } from '../load/plan.js';
import { atTheEnd } from './cleanup.js';
import { COMPILED } from './paths.js';

type Message = { readonly result: LoadResult } | { readonly error: string };

/** The process that makes the load; one for the whole run, so that it is as warm for each strategy. */
export class GeneratorProcess {
  private constructor(private readonly child: ChildProcess) {}

  static start(): GeneratorProcess {
    const child = fork(join(COMPILED, 'load/generator.js'), { stdio: ['ignore', 2, 2, 'ipc'] });
    atTheEnd(() => void child.kill());
    return new GeneratorProcess(child);
  }

  run(plan: Plan): Promise<LoadResult> {
    return new Promise((resolve, reject) => {
      const onExit = (): void => reject(new Error('the load generator ended'));
      this.child.once('exit', onExit);
      this.child.once('message', (message: Message) => {
        this.child.off('exit', onExit);
        if ('error' in message) reject(new Error(message.error));
        else resolve(message.result);
      });
      this.child.send(plan);
    });
  }
}
