import { ClosedLoop } from './closed-loop.js';
import { OpenLoop } from './open-loop.js';
import type { LoadResult, Plan } from './plan.js';

/** The process that makes the load: takes plans from its parent, one at a time, answers results. */
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
// Left alone by a killed parent, it must not go on for ever.
process.on('disconnect', () => process.exit(1));
