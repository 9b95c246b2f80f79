import { withTimeout } from '../common/index.js';
import { CoalescedReads } from './coalesced-reads.js';
import type { ProbeConnection } from './database-reader.js';

/** Two instances rarely write the same row. */
const SLOTS = 1_024;

const COMMIT_MS_MAX = 2_000;

/** How long a commit proves that the next one is possible. */
const PROOF_MS = 1_000;

const WRITE = `INSERT INTO commit_probes (slot, probes) VALUES (?, 1)
    ON DUPLICATE KEY UPDATE probes = probes + 1`;

/**
 * Finds out whether the database can commit now, by a small write of its own. Nothing less tells: a node that
 * is read-only, without its cluster, or that waits for a lost member, still answers reads.
 */
export class CommitProbe {
  private readonly slot = Math.floor(Math.random() * SLOTS);
  private provenAt = -Infinity;

  /** One at a time, however many ask. */
  private readonly writes: CoalescedReads<void>;

  /** @param connection waits for neither transactions nor reads */
  constructor(connection: Pick<ProbeConnection, 'query'>) {
    this.writes = new CoalescedReads(async () => {
      if (this.isProven()) return;
      await connection.query(WRITE, [this.slot]);
      this.provenAt = performance.now();
    });
  }

  /** @param writtenMsAgo how long ago this instance has committed a change */
  async canCommit(writtenMsAgo: number): Promise<boolean> {
    if (writtenMsAgo < PROOF_MS || this.isProven()) return true;
    try {
      const committed = this.writes.get('').then(() => true);
      return await withTimeout(committed, COMMIT_MS_MAX, () => false);
    } catch {
      return false;
    }
  }

  private isProven(): boolean {
    return performance.now() - this.provenAt < PROOF_MS;
  }
}
