import type { IdempotencyKey, StoredResult } from '../../platform/idempotency/index.js';
import type { Outcome } from '../core/outcomes.js';

/** The attempts with a name that a batch knows of: remembered ones, and its own. */
export class ReplayIndex {
  private readonly own: StoredResult[] = [];

  constructor(private readonly known: Map<string, StoredResult>) {}

  /** What an earlier attempt of that name came to; a refusal if it was for something else. */
  find(claim: IdempotencyKey): Outcome | undefined {
    const earlier = this.known.get(claim.id);
    if (earlier === undefined) return undefined;
    if (earlier.key.fingerprint !== claim.fingerprint) {
      return { kind: 'refused', refusal: { code: 'idempotency_key_reused' } };
    }
    return earlier.result as Outcome;
  }

  add(claim: IdempotencyKey, outcome: Outcome): void {
    const attempt = { key: claim, result: outcome };
    this.known.set(claim.id, attempt);
    this.own.push(attempt);
  }

  /** Those to be remembered with this batch. */
  get made(): readonly StoredResult[] {
    return this.own;
  }
}
