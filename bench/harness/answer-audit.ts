import type { Connection } from 'mysql2/promise';
import { assertInvariants } from '../../test/kit/invariants.js';
import { scalar } from './database.js';

const COUNTS: Readonly<Record<string, string>> = {
  booked: 'SELECT COUNT(*) FROM bookings WHERE waitlist_entry_id IS NULL',
  waitlisted: 'SELECT COUNT(*) FROM waitlist_entries',
  cancelled: "SELECT COUNT(*) FROM tickets WHERE status = 'CANCELLED'",
  left: "SELECT COUNT(*) FROM waitlist_entries WHERE status = 'LEFT'",
};

/**
 * Compares the answers with the database: every acknowledged change must be there exactly once, and
 * nothing else may be, except changes whose answer was lost.
 */
export class AnswerAudit {
  private before: Record<string, number> = {};
  private answered: Record<string, number> = {};

  constructor(
    private readonly connection: Connection,
    private readonly databaseUrl: string,
    /** Tables of bookings beside the service's own. */
    private readonly bookingsTables: readonly string[],
  ) {}

  /** Excludes the rows that are in the database now. */
  async restart(): Promise<void> {
    this.answered = {};
    this.before = await this.count();
  }

  add(answers: Readonly<Record<string, number>>): void {
    for (const [outcome, count] of Object.entries(answers)) {
      this.answered[outcome] = (this.answered[outcome] ?? 0) + count;
    }
  }

  /** @returns one sentence for each contradiction */
  async violations(): Promise<string[]> {
    const violations: string[] = [];
    const now = await this.count();
    const unknown = this.unknownOutcomes();
    for (const outcome of Object.keys(COUNTS)) {
      const answered = this.answered[outcome] ?? 0;
      const made = now[outcome]! - this.before[outcome]!;
      if (made >= answered && made <= answered + unknown) continue;
      violations.push(
        `${answered} answers said "${outcome}", but the database has ${made} such rows`,
      );
    }
    await assertInvariants(this.databaseUrl).catch((error: unknown) => {
      violations.push(error instanceof Error ? error.message : String(error));
    });
    return violations;
  }

  /** Requests whose outcome the client does not know. */
  private unknownOutcomes(): number {
    const { 'connection lost': lost = 0, 'no answer': unanswered = 0 } = this.answered;
    return lost + unanswered + (this.answered['HTTP 503 outcome_unknown'] ?? 0);
  }

  private async count(): Promise<Record<string, number>> {
    const counts: Record<string, number> = {};
    for (const [outcome, sql] of Object.entries(COUNTS)) {
      counts[outcome] = Number(await scalar(this.connection, sql));
    }
    for (const table of this.bookingsTables) {
      counts['booked']! += Number(await scalar(this.connection, `SELECT COUNT(*) FROM ${table}`));
    }
    return counts;
  }
}
