import { query, Sandbox } from './support/harness.js';
import { isRunning, kill } from './support/processes.js';

const SEATS = ['CREATE TABLE seats (n INT)', 'INSERT INTO seats VALUES (20)'];

describe('the embedded server, when it was killed', () => {
  it('can be stopped at any moment of a restart, without a long wait', async () => {
    await Sandbox.with(async (sandbox) => {
      const first = await sandbox.start();
      await query(first.url, ...SEATS);
      await first.stop();
      // MariaDB hangs if it gets SIGTERM between about 30 and 90 ms after it starts.
      for (const delayMs of [0, 40, 60, 70, 80, 90, 120, 400]) {
        const server = await sandbox.start();
        kill(server.pid);
        await new Promise((resolve) => setTimeout(resolve, delayMs));
        const since = Date.now();
        await server.stop();
        expect(Date.now() - since).toBeLessThan(10_000);
        expect(isRunning(server.pid)).toBe(false);
      }
      const { url } = await sandbox.start();
      expect(await query(url, 'SELECT n FROM seats')).toEqual([{ n: 20 }]);
    });
  });
});
