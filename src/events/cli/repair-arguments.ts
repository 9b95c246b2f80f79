import { parseArgs } from 'node:util';
import { UsageError } from '../../platform/common/index.js';

export const USAGE = `Usage: npm run repair -- --event ID [--yes] [--raise-capacity]

Compares the counters of an event with its bookings, tickets, holds and waitlist entries, as
GET /v1/events/ID/audit does, and makes them agree. Changes counters only, never a booking.

  --event ID        the id of the event
  --yes             repair; without it, the command only shows what it would change
  --raise-capacity  also raise the capacity of sections that have sold more than their capacity

Works on the database in DATABASE_URL, or else on the embedded one, even while the service
is running: bookings of the event wait until the repair ends.

Exit codes: 0 all counters agree; 1 some disagree, or failure; 2 unknown or invalid argument.`;

/** The command given on the command line. */
export interface RepairCommand {
  readonly eventId: string;
  readonly isConfirmed: boolean;
  readonly raisesCapacity: boolean;
}

const OPTIONS = {
  event: { type: 'string' },
  yes: { type: 'boolean' },
  'raise-capacity': { type: 'boolean' },
} as const;

const ID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/;

/** @throws {UsageError} */
export function parseRepairArguments(args: readonly string[]): RepairCommand {
  const { event = '', yes = false, 'raise-capacity': raisesCapacity = false } = valuesOf(args);
  const eventId = event.trim().toLowerCase();
  if (!ID.test(eventId)) throw new UsageError(`--event takes the id of an event.\n\n${USAGE}`);
  return { eventId, isConfirmed: yes, raisesCapacity };
}

function valuesOf(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, strict: true }).values;
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n\n${USAGE}`);
  }
}
