import { EventEmitter } from 'node:events';
import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { EmbeddedServerError } from '../../src/embedded-mysql/embedded-server.error.js';
import { layoutOf, type Layout } from '../../src/embedded-mysql/layout.js';
import { takeOwnership, type Ownership } from '../../src/embedded-mysql/ownership.js';
import { intensity } from '../setup/intensity.js';
import { Sandbox } from './support/harness.js';

/**
 * Candidates in one process would take turns at the same points. Here each learns late whether an
 * owner listens, so it acts on an outdated answer, like a process that was not scheduled between
 * its check and its action.
 */
jest.mock('node:net', () => {
  const net = jest.requireActual<typeof import('node:net')>('node:net');
  const slowly = (socket: Socket): EventEmitter => {
    const late = Object.assign(new EventEmitter(), { destroy: () => socket.destroy() });
    for (const event of ['connect', 'error']) {
      socket.once(event, (...facts: unknown[]) => {
        setTimeout(() => late.emit(event, ...facts), Math.random() ** 3 * 12);
      });
    }
    return late;
  };
  return { ...net, connect: (path: string) => slowly(net.connect(path)) };
});

describe('taking over a data folder', () => {
  const ROUNDS = intensity('TAKEOVER_ROUNDS');
  const CANDIDATES = 12;
  const TERMS = 2 * ROUNDS;

  async function take(layout: Layout): Promise<Ownership | undefined> {
    return takeOwnership(layout, 'mysql://x').catch((error: unknown) => {
      if (error instanceof EmbeddedServerError) return undefined;
      throw error;
    });
  }

  /** What a killed owner leaves: its folder, with a socket at which nobody listens. */
  async function leaveDeadOwner(place: string): Promise<void> {
    mkdirSync(place, { recursive: true });
    const server = createServer();
    const draft = join(place, 'draft');
    await new Promise<void>((resolve) => server.listen(draft, resolve));
    writeFileSync(join(place, 'owner.json'), '{"pid":1,"url":"mysql://dead"}');
    // Node removes a closing socket under its original name: a rename keeps the file.
    renameSync(draft, join(place, 's'));
    await new Promise((resolve) => server.close(resolve));
  }

  it.each([
    ['no owner', []],
    ['a dead owner', ['owner']],
    ['a dead owner with a dead successor', ['owner', 'owner/next']],
    ['an empty owner folder', ['owner/next']],
  ])('succeeds for exactly one of many candidates after %s', async (_, dead) => {
    await Sandbox.with(async (sandbox) => {
      const layout = layoutOf(sandbox.dataDir);
      for (let round = 0; round < ROUNDS; round++) {
        rmSync(layout.root, { recursive: true, force: true });
        mkdirSync(layout.root, { mode: 0o700 });
        for (const place of dead) await leaveDeadOwner(join(layout.root, place));
        const candidates = Array.from({ length: CANDIDATES }, async (__, index) => {
          // Late ones check the folder while the first ones change it.
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

  it('leaves one owner at a time while owners come and go', async () => {
    await Sandbox.with(async (sandbox) => {
      const layout = layoutOf(sandbox.dataDir);
      mkdirSync(layout.root, { mode: 0o700 });
      let owners = 0;
      let terms = 0;
      const compete = async (): Promise<void> => {
        while (terms < TERMS) {
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
      expect(terms).toBeGreaterThanOrEqual(TERMS);
    });
  });
});
