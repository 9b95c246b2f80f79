import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { EmbeddedServerError } from '../../src/platform/database/embedded/index.js';
import { layoutOf, type Layout } from '../../src/platform/database/embedded/layout.js';
import { takeOwnership, type Ownership } from '../../src/platform/database/embedded/ownership.js';
import { buildApp, type BuiltApp } from './support/app-process.js';
import { query, Sandbox, wishedBinary } from './support/harness.js';

describe('the owner of a data folder', () => {
  let app: BuiltApp;
  beforeAll(() => {
    app = buildApp();
  });
  afterAll(() => app.remove());

  it('is exactly one of several that start at once, on a new folder and on a dead one', async () => {
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

  it('tells a second instance how to attach, and that works', async () => {
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

  it('gives up the folder when its server cannot start', async () => {
    await Sandbox.with(async (sandbox) => {
      await expect(sandbox.start('/bin/false')).rejects.toThrow(EmbeddedServerError);
      expect((await sandbox.start(wishedBinary)).pid).toBeGreaterThan(1);
    });
  });
});

describe('taking over from the dead', () => {
  const ROUNDS = 60;
  const CANDIDATES = 12;

  async function take(layout: Layout): Promise<Ownership | undefined> {
    return takeOwnership(layout, 'mysql://x').catch((error: unknown) => {
      if (error instanceof EmbeddedServerError) return undefined;
      throw error;
    });
  }

  /** What an owner leaves that was killed: its folder, with a socket at which nobody listens. */
  async function leaveDeadOwner(place: string): Promise<void> {
    mkdirSync(place, { recursive: true });
    const server = createServer();
    const draft = join(place, 'draft');
    await new Promise<void>((resolve) => server.listen(draft, resolve));
    writeFileSync(join(place, 'owner.json'), '{"pid":1,"url":"mysql://dead"}');
    // Node removes a socket that it closes under the name it was made with: a rename keeps it.
    renameSync(draft, join(place, 's'));
    await new Promise((resolve) => server.close(resolve));
  }

  it.each([
    ['no owner', []],
    ['a dead owner', ['owner']],
    ['a dead owner with a dead heir', ['owner', 'owner/next']],
    ['an owner folder that is empty', ['owner/next']],
  ])('succeeds for exactly one of many after %s', async (_, dead) => {
    await Sandbox.with(async (sandbox) => {
      const layout = layoutOf(sandbox.dataDir);
      for (let round = 0; round < ROUNDS; round++) {
        rmSync(layout.root, { recursive: true, force: true });
        mkdirSync(layout.root, { mode: 0o700 });
        for (const place of dead) await leaveDeadOwner(join(layout.root, place));
        const candidates = Array.from({ length: CANDIDATES }, async (__, index) => {
          // Late ones look at the folder while the first are changing it.
          await new Promise((resolve) => setTimeout(resolve, (index % 4) * Math.random() * 2));
          return take(layout);
        });
        const owners = (await Promise.all(candidates)).filter((owner) => owner !== undefined);
        expect(owners).toHaveLength(1);
        expect(await take(layout)).toBeUndefined();
        owners[0]?.release();
        const next = await take(layout);
        expect(next).toBeDefined();
        next?.release();
        expect(readdirSync(layout.root)).toEqual([]);
      }
    });
  });

  it('stays with one at a time while owners come and go', async () => {
    await Sandbox.with(async (sandbox) => {
      const layout = layoutOf(sandbox.dataDir);
      mkdirSync(layout.root, { mode: 0o700 });
      let owners = 0;
      let terms = 0;
      const compete = async (): Promise<void> => {
        for (let attempt = 0; attempt < 60; attempt++) {
          const ownership = await take(layout);
          if (!ownership) continue;
          owners++;
          terms++;
          expect(owners).toBe(1);
          await new Promise((resolve) => setTimeout(resolve, Math.random() * 3));
          owners--;
          ownership.release();
        }
      };
      await Promise.all(Array.from({ length: 8 }, compete));
      expect(terms).toBeGreaterThan(8);
    });
  });
});
