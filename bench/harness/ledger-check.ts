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
 * Whether the answers tell the truth: every acknowledged change is in the database once, and nothing
 * else is. A change whose answer never came may be there too.
 */
export class LedgerCheck {
  private before: Record<string, number> = {};
  private answered: Record<string, number> = {};

  constructor(
    private readonly connection: Connection,
    private readonly databaseUrl: string,
  ) {}

  /** Counts from here on: rows that are there now are not the coming answers' doing. */
  async begin(): Promise<void> {
    this.answered = {};
    this.before = await this.count();
  }

  add(answers: Readonly<Record<string, number>>): void {
    for (const [outcome, count] of Object.entries(answers)) {
      this.answered[outcome] = (this.answered[outcome] ?? 0) + count;
    }
  }

  /** @returns what does not hold, in sentences */
  async violations(): Promise<string[]> {
    const violations: string[] = [];
    const now = await this.count();
    const unknown = this.unknown();
    for (const outcome of Object.keys(COUNTS)) {
      const answered = this.answered[outcome] ?? 0;
      const made = now[outcome]! - this.before[outcome]!;
      if (made >= answered && made <= answered + unknown) continue;
      violations.push(`${answered} answers said "${outcome}", the database has ${made} of them`);
    }
    await assertInvariants(this.databaseUrl).catch((error: unknown) => {
      violations.push(error instanceof Error ? error.message : String(error));
    });
    return violations;
  }

  /** Requests whose end the client does not know. */
  private unknown(): number {
    const { 'connection lost': lost = 0, 'no answer': none = 0 } = this.answered;
    return lost + none + (this.answered['HTTP 503 outcome_unknown'] ?? 0);
  }

  private async count(): Promise<Record<string, number>> {
    const counts: Record<string, number> = {};
    for (const [outcome, sql] of Object.entries(COUNTS)) {
      counts[outcome] = Number(await scalar(this.connection, sql));
    }
    return counts;
  }
}
