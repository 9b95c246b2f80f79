import type { Outcome } from './client.js';
import type { FuzzRequest } from './draft.js';

/** Answers that only requests without validation errors get. */
const PAST_VALIDATION: ReadonlySet<number> = new Set([200, 201, 204, 404, 409, 412]);

export interface OperationTally {
  readonly operation: string;
  readonly answered: number;
  /** 2xx. */
  readonly succeeded: number;
  readonly pastValidation: number;
}

/** How often each operation gave each answer. */
export class Tally {
  private readonly statuses: ReadonlyMap<string, number[]>;
  private readonly all = new Map<number, number>();

  constructor(operations: readonly string[]) {
    this.statuses = new Map(operations.map((name) => [name, []]));
  }

  count({ operation }: FuzzRequest, { answers }: Outcome): void {
    for (const { status } of answers) this.all.set(status, this.of(status) + 1);
    const [answer] = answers;
    if (operation !== undefined && answer !== undefined) {
      this.statuses.get(operation.name)!.push(answer.status);
    }
  }

  /** How often a status was answered, by any operation. */
  of(status: number): number {
    return this.all.get(status) ?? 0;
  }

  get operations(): OperationTally[] {
    return [...this.statuses].map(([operation, statuses]) => ({
      operation,
      answered: statuses.length,
      succeeded: statuses.filter((status) => status < 300).length,
      pastValidation: statuses.filter((status) => PAST_VALIDATION.has(status)).length,
    }));
  }
}
