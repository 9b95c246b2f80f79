import { Injectable } from '@nestjs/common';
import { Reads, SharedReads } from '../platform/index.js';
import type { Checks } from './health.dto.js';

const PING_MS_MAX = 1_000;

/** Whether this instance should be given requests. */
@Injectable()
export class Readiness {
  private draining = false;

  /** However many ask at once, the database is asked once. */
  private readonly ping: SharedReads<unknown>;

  constructor(reads: Reads) {
    this.ping = new SharedReads((sql) => reads.query(sql, []));
  }

  /** From now on: finish what runs, take nothing new. */
  startDraining(): void {
    this.draining = true;
  }

  async check(): Promise<{ readonly ready: boolean; readonly checks: Checks }> {
    const database = await this.pingDatabase();
    const service = this.draining ? 'draining' : 'up';
    return { ready: database === 'up' && service === 'up', checks: { service, database } };
  }

  private async pingDatabase(): Promise<Checks['database']> {
    let timer: NodeJS.Timeout | undefined;
    const tooLate = new Promise<Checks['database']>((resolve) => {
      timer = setTimeout(resolve, PING_MS_MAX, 'down');
    });
    const answered = this.ping.get('SELECT 1').then(
      (): Checks['database'] => 'up',
      (): Checks['database'] => 'down',
    );
    try {
      return await Promise.race([answered, tooLate]);
    } finally {
      clearTimeout(timer);
    }
  }
}
