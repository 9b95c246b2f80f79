import type { Metric } from 'prom-client';
import { newGauge } from '../../platform/observability/index.js';
import type { PlaceTotals } from './place-totals.js';

/** These describe the whole database, so they are the same on every instance. */
export const placeMetrics = (totals: PlaceTotals): Metric[] => [
  newGauge({
    name: 'rowlock_places',
    help: 'Places of all sections in the database, by state',
    labelNames: ['state'],
    async collect() {
      const known = await totals.get();
      this.reset();
      if (known === undefined) return;
      const { available, held, booked } = known;
      for (const [state, places] of Object.entries({ available, held, booked })) {
        this.set({ state }, places);
      }
    },
  }),
  newGauge({
    name: 'rowlock_waiting_entries',
    help: 'Waiting entries in the waitlists of all sections in the database',
    async collect() {
      const known = await totals.get();
      if (known === undefined) this.remove();
      else this.set(known.waiting);
    },
  }),
];
