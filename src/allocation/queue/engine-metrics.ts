import type { Metric } from 'prom-client';
import { newCounter, newGauge } from '../../platform/observability/index.js';
import type { Backlog } from './backlog.js';
import type { CommandCounts } from '../engine/command-counts.js';
import type { LaneStatistics } from '../lanes/lane-statistics.js';
import type { Lanes } from '../lanes/lanes.js';

export const commandMetrics = (counts: CommandCounts): Metric[] => [
  ...outcomeMetrics(counts),
  newCounter({
    name: 'rowlock_counter_errors_total',
    help: 'Commands that failed because the counters of a section disagree with its rows',
    collect() {
      this.reset();
      this.inc(counts.counterErrors);
    },
  }),
];

const outcomeMetrics = ({ commands, messages }: CommandCounts): Metric[] => [
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

type LanesObserved = Pick<Lanes<never, never>, 'states' | 'statistics'>;

export const laneMetrics = (lanes: LanesObserved): Metric[] => {
  const { waits, batchSizes, batchTimes } = lanes.statistics;
  return [
    ...laneGauges(lanes),
    waits,
    batchSizes,
    batchTimes,
    refusedCommands(() => pick(lanes.statistics)),
  ];
};

const pick = ({ late, abandoned }: LaneStatistics) => ({ late, abandoned });

const laneGauges = (lanes: LanesObserved): Metric[] => [
  newGauge({
    name: 'rowlock_lane_waiting_commands',
    help: 'Commands waiting in a lane',
    labelNames: ['lane'],
    collect() {
      for (const [lane, { waiting }] of lanes.states.entries()) this.set({ lane }, waiting);
    },
  }),
  newGauge({
    name: 'rowlock_lane_locked_sections',
    help: 'Sections of a lane that could not be locked, and are tried alone',
    labelNames: ['lane'],
    collect() {
      for (const [lane, { locked }] of lanes.states.entries()) this.set({ lane }, locked);
    },
  }),
  newGauge({
    name: 'rowlock_lane_busy_seconds',
    help: 'Running time of the oldest batch of a lane; 0 if none is running',
    labelNames: ['lane'],
    collect() {
      for (const [lane, { busyMs }] of lanes.states.entries()) this.set({ lane }, busyMs / 1000);
    },
  }),
];

const refusedCommands = (counts: () => Readonly<Record<string, number>>): Metric =>
  newCounter({
    name: 'rowlock_lane_refused_commands_total',
    help: 'Commands left out: they would have waited too long (wait), or did (late), or their client disconnected (abandoned)',
    labelNames: ['reason'],
    collect() {
      this.reset();
      for (const [reason, count] of Object.entries(counts())) this.inc({ reason }, count);
    },
  });

/** @param backlogs a request that has been parsed may be in several */
export const backlogMetrics = (backlogs: readonly Backlog[]): Metric[] => [
  newGauge({
    name: 'rowlock_backlog_wait_seconds',
    help: 'Estimated wait of a command submitted now',
    collect() {
      this.set(Math.max(...backlogs.map(({ waitSeconds }) => waitSeconds)));
    },
  }),
  refusedCommands(() => ({
    wait: backlogs.reduce((sum, { refused }) => sum + refused, 0),
    late: backlogs.reduce((sum, { late }) => sum + late, 0),
  })),
];
