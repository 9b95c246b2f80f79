import { Injectable } from '@nestjs/common';
import type { Metric } from 'prom-client';
import {
  AllocationEngine,
  AllocationService,
  type CommandCounts,
  type LanesView,
} from '../../allocation/index.js';
import { newCounter, newGauge } from '../../platform/observability/index.js';

@Injectable()
export class AllocationMetrics {
  readonly metrics: readonly Metric[];

  constructor(engine: AllocationEngine, lanes: AllocationService) {
    this.metrics = [...commandMetrics(engine.counts), ...laneMetrics(lanes.lanesView)];
  }
}

const commandMetrics = ({ commands, messages }: CommandCounts): Metric[] => [
  newCounter({
    name: 'rowlock_commands_total',
    help: 'Commands decided and committed, by kind, outcome, and code if refused',
    labelNames: ['command', 'outcome', 'code'],
    collect() {
      this.reset();
      for (const [[command, outcome, code], { count }] of commands) {
        this.inc({ command, outcome, code }, count);
      }
    },
  }),
  newCounter({
    name: 'rowlock_facts_total',
    help: 'Messages written into the outbox, by type',
    labelNames: ['type'],
    collect() {
      this.reset();
      for (const [type, count] of messages) this.inc({ type }, count);
    },
  }),
  newCounter({
    name: 'rowlock_promotions_total',
    help: 'Waitlist entries given a booking or an offer; an accepted offer counts as both',
    labelNames: ['got'],
    collect() {
      this.reset();
      this.inc({ got: 'booking' }, messages.get('waitlist.promoted') ?? 0);
      this.inc({ got: 'offer' }, messages.get('waitlist.offered') ?? 0);
    },
  }),
];

const laneMetrics = (lanes: LanesView): Metric[] => {
  const { waits, batchSizes, batchTimes } = lanes.statistics;
  return [...laneGauges(lanes), waits, batchSizes, batchTimes, refusedCommands(lanes)];
};

const laneGauges = (lanes: LanesView): Metric[] => [
  newGauge({
    name: 'rowlock_lane_waiting_commands',
    help: 'Commands waiting in a lane',
    labelNames: ['lane'],
    collect() {
      for (const [lane, { waiting }] of lanes.states.entries()) this.set({ lane }, waiting);
    },
  }),
  newGauge({
    name: 'rowlock_lane_busy_seconds',
    help: 'Running time of the current batch of a lane; 0 if none is running',
    labelNames: ['lane'],
    collect() {
      for (const [lane, { busyMs }] of lanes.states.entries()) this.set({ lane }, busyMs / 1000);
    },
  }),
  newGauge({
    name: 'rowlock_lane_queue_limit_commands',
    help: 'Commands that may wait in a lane',
    collect() {
      this.set(lanes.queueLimit);
    },
  }),
];

const refusedCommands = ({ statistics }: LanesView): Metric =>
  newCounter({
    name: 'rowlock_lane_refused_commands_total',
    help: 'Commands refused before execution: their lane was full, or they waited in it too long',
    labelNames: ['reason'],
    collect() {
      this.reset();
      this.inc({ reason: 'full' }, statistics.refused);
      this.inc({ reason: 'late' }, statistics.late);
    },
  });
