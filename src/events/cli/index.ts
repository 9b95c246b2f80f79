import { joinDatabase } from '../../embedded-mysql/index.js';
import { UsageError } from '../../platform/common/index.js';
import { loadDatabaseConfig } from '../../platform/config/index.js';
import { PATIENT_LIMITS, withTransactions } from '../../platform/database/index.js';
import { EventRepair } from '../repair/event-repair.js';
import { isSound, remaining, type SectionRepair } from '../repair/section-repair.js';
import { parseRepairArguments, type RepairCommand, USAGE } from './repair-arguments.js';
import { reportOf } from './repair-report.js';

const FAILED = 1;
const MISUSED = 2;

/**
 * Entry point of `npm run repair` (scripts/repair.mjs).
 *
 * @returns the exit code
 */
export async function main(args: readonly string[]): Promise<number> {
  if (args.includes('--help') || args.includes('-h')) return say(USAGE, 0);
  try {
    return await carryOut(parseRepairArguments(args));
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    complain(error.message);
    return MISUSED;
  }
}

async function carryOut(command: RepairCommand): Promise<number> {
  const database = await joinDatabase(loadDatabaseConfig(), complain);
  complain(`Database: ${database.description}`);
  try {
    return await withTransactions(
      database.url,
      (transactions) => repair(command, new EventRepair(transactions)),
      PATIENT_LIMITS,
    );
  } finally {
    await database.close();
  }
}

async function repair(command: RepairCommand, event: EventRepair): Promise<number> {
  const { eventId, isConfirmed } = command;
  const planned = isConfirmed
    ? await event.repair(eventId, command)
    : await event.plan(eventId, command);
  if (planned.length === 0) throw new Error(`There is no event ${eventId} in this database.`);
  say(reportOf(planned), 0);
  if (planned.every(isSound)) return complain('All counters agree with the rows.', 0);
  if (!isConfirmed) return complain(dryRunNote(planned), FAILED);
  // Read again, as it was committed.
  const left = (await event.plan(eventId, command)).filter((one) => !isSound(one));
  if (left.length === 0) return complain('Repaired: all counters agree with the rows.', 0);
  return complain('Not everything could be repaired: some numbers still disagree.', FAILED);
}

const dryRunNote = (planned: readonly SectionRepair[]): string =>
  planned.some(({ counters }) => counters !== undefined)
    ? 'Nothing was changed. Add --yes to repair.'
    : `Nothing can be repaired: ${planned.flatMap(remaining).length} numbers disagree.`;

function say(text: string, code: number): number {
  process.stdout.write(`${text}\n`);
  return code;
}

function complain(text: string, code = 0): number {
  process.stderr.write(`${text}\n`);
  return code;
}
