import { ClosedLoop } from './closed-loop.js';
import { Crowd } from './crowd.js';
import { OpenLoop } from './open-loop.js';
import { Overload } from './overload.js';
import type { LoadResult, Plan } from './plan.js';
import { Unread } from './unread.js';

function loopFor(plan: Plan): { run(): Promise<Omit<LoadResult, 'generatorCpu'>> } {
  switch (plan.loop) {
    case 'closed':
      return new ClosedLoop(plan);
    case 'open':
      return new OpenLoop(plan);
    case 'crowd':
      return new Crowd(plan);
    case 'overload':
      return new Overload(plan);
    case 'unread':
      return new Unread(plan);
  }
}

/** Main of the load generator process: runs the plans that it is given and sends the results to its parent. */
async function run(plan: Plan): Promise<LoadResult> {
  const before = process.cpuUsage();
  const result = await loopFor(plan).run();
  const { user, system } = process.cpuUsage(before);
  return { ...result, generatorCpu: (user + system) / 1e6 };
}

process.on('message', ({ id, plan }: { id: number; plan: Plan }) => {
  run(plan).then(
    (result) => process.send?.({ id, result }),
    (error: unknown) => process.send?.({ id, error: String(error) }),
  );
});
// The parent was killed.
process.on('disconnect', () => process.exit(1));
