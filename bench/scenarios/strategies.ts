import { THIS_BUILD } from '../harness/database.js';
import { baseline, type Program, productOf } from '../harness/server-process.js';

export const ROWLOCK = 'Rowlock';
export const ONE_TRANSACTION = 'one transaction per booking';
export const OPTIMISTIC = 'optimistic version';
export const CONDITIONAL = 'conditional update';
export const CEILING = 'ceiling';
export const BARE_FASTIFY = 'bare Fastify';

export const PROGRAMS = {
  rowlock: productOf(THIS_BUILD, ROWLOCK),
  oneTransaction: baseline(ONE_TRANSACTION, 'one-transaction-per-booking'),
  optimistic: baseline(OPTIMISTIC, 'optimistic-version'),
  conditional: baseline(CONDITIONAL, 'conditional-update'),
  ceiling: baseline(CEILING, 'ceiling'),
} satisfies Record<string, Program>;

/** Everything that can book. Rowlock first: in each round it meets the coldest database. */
export const BOOKERS: readonly Program[] = [
  PROGRAMS.rowlock,
  PROGRAMS.ceiling,
  PROGRAMS.oneTransaction,
  PROGRAMS.conditional,
  PROGRAMS.optimistic,
];
