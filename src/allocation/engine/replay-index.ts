import type { IdempotencyClaim, RememberedAttempt } from '../../platform/idempotency/index.js';
import type { Outcome } from '../core/outcomes.js';

/** The attempts with a name that a batch knows of: remembered ones, and its own. */
export class Attempts {
  private readonly own: RememberedAttempt[] = [];

  constructor(private readonly known: Map<string, RememberedAttempt>) {}

  /** What an earlier attempt of that name came to; a refusal if it was for something else. */
  find(claim: IdempotencyClaim): Outcome | undefined {
    const earlier = this.known.get(claim.id);
    if (earlier === undefined) return undefined;
    if (earlier.claim.fingerprint !== claim.fingerprint) {
      return { kind: 'refused', refusal: { code: 'idempotency_key_reused' } };
    }
    return earlier.result as Outcome;
  }

  add(claim: IdempotencyClaim, outcome: Outcome): void {
    const attempt = { claim, result: outcome };
    this.known.set(claim.id, attempt);
    this.own.push(attempt);
  }

  /** Those to be remembered with this batch. */
  get made(): readonly RememberedAttempt[] {
    return this.own;
  }
}
