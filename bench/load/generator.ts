import { ClosedLoop } from './closed-loop.js';
import { OpenLoop } from './open-loop.js';
import type { LoadResult, Plan } from './plan.js';

/** Main of the load generator process: runs one plan at a time and sends the result to its parent. */
async function run(plan: Plan): Promise<LoadResult> {
  const before = process.cpuUsage();
  const loop = plan.loop === 'closed' ? new ClosedLoop(plan) : new OpenLoop(plan);
  const result = await loop.run();
  const { user, system } = process.cpuUsage(before);
  return { ...result, generatorCpu: (user + system) / 1e6 };
}

process.on('message', (plan: Plan) => {
  run(plan).then(
    (result) => process.send?.({ result }),
    (error: unknown) => process.send?.({ error: String(error) }),
  );
});
// The parent was killed.
process.on('disconnect', () => process.exit(1));
