import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildApp, type AppProcess, type BuiltApp } from './support/app-process.js';
import { eventually } from '../kit/eventually.js';
import { breakableServer, query, Sandbox } from './support/harness.js';
import { guardOf, isRunning, kill } from './support/processes.js';

const SEATS = ['CREATE TABLE seats (n INT)', 'INSERT INTO seats VALUES (20)'];

describe('the embedded server, when something is killed', () => {
  let app: BuiltApp;
  beforeAll(() => {
    app = buildApp();
  });
  afterAll(() => app.remove());

  /** An application in a process of its own, with one committed row. */
  async function appWithSeats(sandbox: Sandbox): Promise<{ running: AppProcess; pid: number }> {
    const running = app.start(sandbox.dataDir);
    const { url = '', pid = 0, error } = await running.outcome();
    expect(error).toBeUndefined();
    await query(url, ...SEATS);
    return { running, pid };
  }

  async function expectSeats(url: string): Promise<void> {
    expect(await query(url, 'SELECT n FROM seats')).toEqual([{ n: 20 }]);
  }

  it('restarts within 5 s of kill -9, with all committed data', async () => {
    await Sandbox.with(async (sandbox) => {
      const server = await sandbox.start();
      await query(server.url, ...SEATS);
      for (const _ of [1, 2]) {
        const killed = server.pid;
        kill(killed);
        await eventually('a new server', () => server.pid !== killed, 5_000);
        await expectSeats(server.url);
      }
      expect(sandbox.said.filter((line) => line.includes('stopped unexpectedly'))).toHaveLength(2);
    });
  });

  it('restarts if its guard is killed and the server left alone', async () => {
    await Sandbox.with(async (sandbox) => {
      const server = await sandbox.start();
      await query(server.url, ...SEATS);
      const orphan = server.pid;
      kill(guardOf(orphan).guard);
      await eventually('a new server', () => server.pid !== orphan);
      expect(isRunning(orphan)).toBe(false);
      await expectSeats(server.url);
    });
  });

  it('keeps trying to restart, and reports why it fails', async () => {
    await Sandbox.with(async (sandbox) => {
      const { binary, fault } = await breakableServer(sandbox);
      const server = await sandbox.start(binary);
      await query(server.url, ...SEATS);
      writeFileSync(fault, '');
      const killed = server.pid;
      kill(killed);
      const failures = (): string[] => sandbox.said.filter((line) => line.includes('trying again'));
      await eventually('three failures', () => failures().length >= 3);
      expect(failures()[0]).toMatch(/exit code 3.*a planted fault.*trying again in 0.25 s/s);
      rmSync(fault);
      await eventually('a new server', () => server.pid !== killed);
      await expectSeats(server.url);
    });
  });

  it('can be stopped while it keeps failing to restart', async () => {
    await Sandbox.with(async (sandbox) => {
      const { binary, fault } = await breakableServer(sandbox);
      const server = await sandbox.start(binary);
      writeFileSync(fault, '');
      kill(server.pid);
      await eventually('a failure', () => sandbox.said.some((line) => line.includes('trying')));
      await server.stop();
      const { length } = sandbox.said;
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      expect(sandbox.said).toHaveLength(length);
    });
  });

  it('ends with an application that is killed, and loses no data', async () => {
    await Sandbox.with(async (sandbox) => {
      const { running, pid } = await appWithSeats(sandbox);
      const { guard, readers } = guardOf(pid);
      running.child.kill('SIGKILL');
      await eventually('the end of the server', () => !isRunning(pid), 10_000);
      await eventually('the end of its guard', () => ![guard, ...readers].some(isRunning), 3_000);
      await expectSeats((await sandbox.start()).url);
    });
  });

  it('starts again at once after the application was killed', async () => {
    await Sandbox.with(async (sandbox) => {
      const { running, pid } = await appWithSeats(sandbox);
      running.child.kill('SIGKILL');
      await running.exited;
      const next = await sandbox.start();
      expect(isRunning(pid)).toBe(false);
      await expectSeats(next.url);
    });
  });

  it('stops the orphaned server of an application that was killed with its guard', async () => {
    await Sandbox.with(async (sandbox) => {
      const { running, pid } = await appWithSeats(sandbox);
      const { guard, readers } = guardOf(pid);
      // A running application would notice that its guard is gone, and stop the server itself.
      running.child.kill('SIGSTOP');
      kill(guard, ...readers);
      running.child.kill('SIGKILL');
      await running.exited;
      expect(isRunning(pid)).toBe(true);
      const next = await sandbox.start();
      expect(isRunning(pid)).toBe(false);
      expect(sandbox.said.join()).toContain(`pid ${pid}`);
      await expectSeats(next.url);
    });
  });

  it('does not kill an unrelated process that has the pid of an earlier server', async () => {
    await Sandbox.with(async (sandbox) => {
      await (await sandbox.start()).stop();
      const other = join(sandbox.root, 'other');
      mkdirSync(other);
      // Looks like a server, but with another data folder.
      const command = ['-c', 'sleep 60; :', 'mysqld', `--datadir=${other}`, '--socket=/x'];
      const stranger = spawn('/bin/sh', command, { stdio: 'ignore' });
      await once(stranger, 'spawn');
      writeFileSync(join(sandbox.dataDir, 'server.pid'), `${stranger.pid}\n`);
      await (await sandbox.start()).stop();
      expect(stranger.signalCode).toBeNull();
      expect(isRunning(stranger.pid ?? 0)).toBe(true);
      stranger.kill('SIGKILL');
    });
  });
});
