import type { IdempotencyKey, StoredResult } from '../../platform/idempotency/index.js';
import { type Outcome, refused } from '../core/outcomes.js';
import { type StoredOutcome, toOutcome } from '../core/stored-outcome.js';
import type { CommandResult } from './command-request.js';

interface KeyedOutcome {
  readonly key: IdempotencyKey;
  readonly outcome: Outcome;
}

/** The outcomes to replay in a batch, by idempotency key: those stored before, and its own. */
export class ReplayIndex {
  private readonly ofBatch = new Map<string, KeyedOutcome>();

  /** @param stored by id of the key */
  constructor(private readonly stored: ReadonlyMap<string, StoredResult>) {}

  /** Decides a request, unless an earlier one with the same key has an outcome already. */
  once(key: IdempotencyKey | undefined, decide: () => Outcome): CommandResult {
    if (key === undefined) return { outcome: decide(), isReplay: false };
    const earlier = this.find(key);
    if (earlier !== undefined) return { outcome: earlier, isReplay: true };
    const outcome = decide();
    this.ofBatch.set(key.id, { key, outcome });
    return { outcome, isReplay: false };
  }

  /** To be stored with this batch. */
  get added(): readonly StoredResult[] {
    return [...this.ofBatch.values()].map(({ key, outcome }) => ({ key, result: outcome }));
  }

  /** A refusal, if the earlier request with that key was a different one. */
  private find({ id, fingerprint }: IdempotencyKey): Outcome | undefined {
    const earlier = this.ofBatch.get(id) ?? this.findStored(id);
    if (earlier === undefined || earlier.key.fingerprint === fingerprint) return earlier?.outcome;
    return refused({ code: 'idempotency_key_reused' });
  }

  private findStored(id: string): KeyedOutcome | undefined {
    const stored = this.stored.get(id);
    // The one place that trusts the stored JSON: only `added` outcomes have such keys.
    return stored && { key: stored.key, outcome: toOutcome(stored.result as StoredOutcome) };
  }
}
