import type { Answer } from './api.js';

/** The answers to a crowd of requests, counted. */
export interface Round {
  readonly name: string;
  readonly requests: number;
  readonly booked: number;
  readonly waitlisted: number;
  readonly cancelled: number;
  readonly left: number;
  readonly refused: number;
  /** Answers of 500 and above. */
  readonly failed: number;
  readonly oversold: number;
  readonly seconds: number;
}

/** Counts answers by their content. */
export function tally(answers: readonly Answer[]): Omit<Round, 'name' | 'seconds' | 'oversold'> {
  const count = (is: (answer: Answer) => boolean): number => answers.filter(is).length;
  return {
    requests: answers.length,
    booked: count(({ status, body }) => status === 201 && body.bookingId !== undefined),
    waitlisted: count(({ status, body }) => status === 201 && body.waitlisted),
    cancelled: count(({ status, body }) => status === 200 && body.tickets !== undefined),
    left: count(({ status, body }) => status === 200 && body.waitingEntry !== undefined),
    refused: count(({ status }) => status >= 400 && status < 500),
    failed: count(({ status }) => status >= 500),
  };
}

/** Counts answers by status and code: `{ '201': 46, '409 seat_taken': 199 }`. */
export function countsOf(
  answers: readonly Pick<Answer<{ readonly code?: string } | undefined>, 'status' | 'body'>[],
): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { status, body } of answers) {
    const name = body?.code === undefined ? String(status) : `${status} ${body.code}`;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

const COLUMNS = [
  'requests',
  'booked',
  'waitlisted',
  'cancelled',
  'left',
  'refused',
  'failed',
  'oversold',
] as const;

/** The table that a concurrency suite prints at its end. */
export class Scoreboard {
  private readonly rounds: Round[] = [];

  add(round: Round): void {
    this.rounds.push(round);
  }

  print(): void {
    const head = ['what happened', ...COLUMNS, 'seconds'];
    const body = this.rounds.map((round) => [
      round.name,
      ...COLUMNS.map((column) => String(round[column])),
      round.seconds.toFixed(2),
    ]);
    const widths = head.map((_, column) =>
      Math.max(...[head, ...body].map((row) => row[column]!.length)),
    );
    const lines = [head, ...body].map((row) =>
      row
        .map((cell, column) =>
          column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!),
        )
        .join('  '),
    );
    process.stdout.write(`\n${lines.join('\n')}\n\n`);
  }
}
