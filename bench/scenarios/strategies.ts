import { THIS_BUILD } from '../harness/database.js';
import { baseline, type Program, serviceProgram } from '../harness/server-process.js';

export const ROWLOCK = 'Rowlock';
export const ONE_TRANSACTION = 'one transaction per booking';
export const OPTIMISTIC = 'optimistic version';
export const CONDITIONAL = 'conditional update';
export const CEILING = 'ceiling';
export const BARE_FASTIFY = 'bare Fastify';

export const PROGRAMS = {
  rowlock: serviceProgram(THIS_BUILD, ROWLOCK),
  oneTransaction: baseline(ONE_TRANSACTION, 'one-transaction-per-booking'),
  optimistic: baseline(OPTIMISTIC, 'optimistic-version'),
  conditional: baseline(CONDITIONAL, 'conditional-update'),
  ceiling: baseline(CEILING, 'ceiling', { bookingsTable: 'ceiling_bookings' }),
} satisfies Record<string, Program>;

/** Rowlock comes first: in each round, the caches of the database are coldest for it. */
export const BOOKING_PROGRAMS: readonly Program[] = [
  PROGRAMS.rowlock,
  PROGRAMS.ceiling,
  PROGRAMS.oneTransaction,
  PROGRAMS.conditional,
  PROGRAMS.optimistic,
];
