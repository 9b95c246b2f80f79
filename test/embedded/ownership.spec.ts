import { EmbeddedServerError } from '../../src/embedded-mysql/embedded-server.error.js';
import { buildApp, type BuiltApp } from './support/app-process.js';
import { query, Sandbox, wishedBinary } from './support/harness.js';

describe('the owner of a data folder', () => {
  let app: BuiltApp;
  beforeAll(() => {
    app = buildApp();
  });
  afterAll(() => app.remove());

  it('is exactly one of several processes that start at once, even after a crash', async () => {
    await Sandbox.with(async (sandbox) => {
      for (const _ of ['new', 'dead', 'dead again']) {
        const apps = [1, 2, 3, 4].map(() => app.start(sandbox.dataDir));
        const outcomes = await Promise.all(apps.map((each) => each.outcome()));
        const winners = outcomes.filter(({ url }) => url !== undefined);
        const losers = outcomes.filter(({ error }) => error !== undefined);
        expect({ winners: winners.length, losers: losers.length }).toEqual({
          winners: 1,
          losers: 3,
        });
        const winner = apps[outcomes.findIndex(({ url }) => url !== undefined)];
        for (const { error } of losers) {
          expect(error).toContain(`(pid ${winner?.child.pid})`);
          expect(error).toContain(`DATABASE_URL='${winners[0]?.url}'`);
        }
        expect(await query(winners[0]?.url ?? '', 'SELECT 1 one')).toEqual([{ one: 1 }]);
        for (const each of apps) each.child.kill('SIGKILL');
        await Promise.all(apps.map((each) => each.exited));
      }
      await sandbox.start();
    });
  });

  it('tells a second process how to attach to its server, which works', async () => {
    await Sandbox.with(async (sandbox) => {
      const server = await sandbox.start();
      const second = sandbox.start();
      await expect(second).rejects.toThrow(EmbeddedServerError);
      const message = await second.then(
        () => '',
        (error: unknown) => String(error),
      );
      const url = /DATABASE_URL='([^']+)'/.exec(message)?.[1] ?? '';
      expect(await query(url, 'SELECT 1 one')).toEqual([{ one: 1 }]);
      expect(await query(server.url, 'SELECT 1 one')).toEqual([{ one: 1 }]);
    });
  });

  it('gives up the folder if its server cannot start', async () => {
    await Sandbox.with(async (sandbox) => {
      await expect(sandbox.start('/bin/false')).rejects.toThrow(EmbeddedServerError);
      expect((await sandbox.start(wishedBinary)).pid).toBeGreaterThan(1);
    });
  });
});
