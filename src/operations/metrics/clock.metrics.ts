import type { Metric } from 'prom-client';
import { newGauge } from '../../platform/observability/index.js';
import type { ClockDifference } from '../clock-difference.js';

export const clockMetric = (clocks: ClockDifference): Metric =>
  newGauge({
    name: 'rowlock_clock_ahead_seconds',
    help: "By how much the instance's clock is ahead of the database's; negative if it is behind",
    async collect() {
      this.reset();
      const ahead = await clocks.ahead();
      if (ahead !== null) this.set(ahead / 1000);
    },
  });
