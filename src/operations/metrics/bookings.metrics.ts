import { Injectable } from '@nestjs/common';
import {
  AllocationEngine,
  AllocationService,
  type CommandCounts,
  type LanesView,
} from '../../allocation/index.js';
import { samples, type Family, histogram, sample } from './family.js';

const commandFamilies = ({ commands, messages: facts }: CommandCounts): Family[] => [
  {
    name: 'rowlock_commands_total',
    help: 'Commands decided, by kind, outcome, and code if they were refused; only what is committed',
    type: 'counter',
    read: () =>
      [...commands].map(([[command, outcome, code], { count }]) => ({
        labels: { command, outcome, code },
        value: count,
      })),
  },
  {
    name: 'rowlock_facts_total',
    help: 'Facts written into the outbox, by type',
    type: 'counter',
    read: () => samples('type', facts),
  },
  {
    name: 'rowlock_promotions_total',
    help: 'Entries of the line that got a booking, or an offer; an accepted offer is counted in both',
    type: 'counter',
    read: () =>
      samples('got', [
        ['booking', facts.get('waitlist.promoted') ?? 0],
        ['offer', facts.get('waitlist.offered') ?? 0],
      ]),
  },
];

const laneFamilies = (watch: LanesView): Family[] => [
  {
    name: 'rowlock_lane_waiting_commands',
    help: 'Commands that wait in a lane',
    type: 'gauge',
    read: () => samples('lane', named(watch.states.map(({ waiting }) => waiting))),
  },
  {
    name: 'rowlock_lane_busy_seconds',
    help: 'For how long the batch of a lane has been running; 0 if none is',
    type: 'gauge',
    read: () => samples('lane', named(watch.states.map(({ busyMs }) => busyMs / 1000))),
  },
  {
    name: 'rowlock_lane_queue_limit_commands',
    help: 'Commands that may wait in a lane',
    type: 'gauge',
    read: () => sample(watch.queueLimit),
  },
  {
    name: 'rowlock_lane_wait_seconds',
    help: 'Time that commands waited for their batch to begin',
    type: 'histogram',
    read: () => histogram(watch.statistics.waits),
  },
  {
    name: 'rowlock_batch_commands',
    help: 'Commands of a batch',
    type: 'histogram',
    read: () => histogram(watch.statistics.batchSizes),
  },
  {
    name: 'rowlock_batch_duration_seconds',
    help: 'Time that a batch took, its transaction and the repetitions of it',
    type: 'histogram',
    read: () => histogram(watch.statistics.batchTimes),
  },
  {
    name: 'rowlock_lane_refused_commands_total',
    help: 'Commands sent away unheard: their lane was full, or they had waited in it for too long',
    type: 'counter',
    read: () =>
      samples('reason', [
        ['full', watch.statistics.refused],
        ['late', watch.statistics.late],
      ]),
  },
];

const named = (values: readonly number[]): [string, number][] =>
  values.map((value, index) => [String(index), value]);

@Injectable()
export class BookingsMetrics {
  readonly families: readonly Family[];

  constructor(engine: AllocationEngine, lanes: AllocationService) {
    this.families = [...commandFamilies(engine.counts), ...laneFamilies(lanes.lanesView)];
  }
}
