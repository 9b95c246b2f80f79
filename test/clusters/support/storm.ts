import { setTimeout as sleep } from 'node:timers/promises';
import { assertInvariants, type ServiceProcess } from '../../kit/index.js';
import { Crowd } from '../../topology/support/crowd.js';
import { inTurns, untilBooked } from './instances.js';
import { STORM_MS } from './long-form.js';
import { assertPositions } from './positions.js';
import type { ClusterServer } from './server-process.js';
import { settle } from './settle.js';

const EVENTS = 3;
const CALLERS = 200;
const PLACES = 200;

/** Service again, by itself. */
export const BACK_MS_MAX = 25_000;

interface Fault {
  readonly kill: () => Promise<void>;
  /** The instances that book again before the node is back. */
  readonly survivors: readonly ServiceProcess[];
  readonly bringBack: () => Promise<void>;
}

interface Place {
  /** For figures. */
  readonly name: string;
  readonly instances: readonly ServiceProcess[];
  /** One that is never killed, with the name of the database. */
  readonly server: ClusterServer;
}

/**
 * People book and cancel at several events through all instances, while a node is killed and comes back. Then
 * everything is compared: what they were told, the database, its audits and its history.
 */
export async function storm({ name, instances, server }: Place, fault?: Fault): Promise<void> {
  const api = inTurns(instances);
  const people: Crowd[] = [];
  for (let index = 0; index < EVENTS; index += 1) {
    people.push(new Crowd(api, await instances[0]!.api.open(PLACES), Math.ceil(CALLERS / EVENTS)));
  }
  const probed = await instances[0]!.api.open(PLACES);
  const end = performance.now() + STORM_MS;
  for (const crowd of people) crowd.come();
  let backMs = 0;
  if (fault !== undefined) {
    await sleep(STORM_MS / 3);
    await fault.kill();
    backMs = await untilBooked(fault.survivors, probed, BACK_MS_MAX);
    await sleep(Math.max(0, (end - performance.now()) / 2));
    await fault.bringBack();
  }
  await sleep(Math.max(0, end - performance.now()));
  await settle(people, instances[0]!, server);
  await assertPositions(instances[0]!, server, people);
  await assertInvariants(server.urlOf('rowlock'));
  report(name, people, backMs);
}

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;

function report(name: string, people: readonly Crowd[], backMs: number): void {
  const done = people.reduce((sum, crowd) => sum + crowd.acknowledged, 0);
  const failed = people.reduce((sum, crowd) => sum + crowd.failures.length, 0);
  const pauseMs = Math.max(...people.map((crowd) => crowd.longestPauseMs));
  expect(people.every((crowd) => crowd.acknowledged > 0)).toBe(true);
  expect(pauseMs).toBeLessThan(BACK_MS_MAX);
  process.stderr.write(
    `${name}: ${seconds(STORM_MS)}, ${CALLERS} callers, ${EVENTS} events: ${done} acknowledged, ` +
      `${failed} without success, booking again after ${seconds(backMs)}, ` +
      `longest pause of an event ${seconds(pauseMs)}\n`,
  );
}
