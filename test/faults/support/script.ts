import { join } from 'node:path';
import { type End, endOf } from '../../e2e/support/layout.js';

const SCRIPTS = join(__dirname, '../../../scripts');

/** Runs `npm run NAME` on a database. */
export const script = (name: string, args: readonly string[], url: string): Promise<End> =>
  endOf(join(SCRIPTS, `${name}.mjs`), args, { PATH: process.env['PATH'], DATABASE_URL: url });
