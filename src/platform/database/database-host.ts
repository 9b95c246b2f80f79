import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { PinoLogger } from 'nestjs-pino';
import type { HostChoice } from './host-choice.js';

/** For operators: which of the hosts in DATABASE_URL is in use. */
@Injectable()
export class DatabaseHost implements OnApplicationShutdown {
  private logged: string | null = null;

  /** @param choice undefined if there is one host */
  constructor(
    private readonly choice: HostChoice | undefined,
    private readonly log: PinoLogger,
  ) {
    choice?.follow(this.logChange);
    this.logged = this.name;
  }

  get isChosen(): boolean {
    return this.choice !== undefined;
  }

  /** Without credentials; null if there is one host. */
  get name(): string | null {
    return this.choice?.currentName ?? null;
  }

  /** Since the start. */
  get changes(): number {
    return this.choice?.changes ?? 0;
  }

  onApplicationShutdown(): void {
    this.choice?.unfollow(this.logChange);
  }

  private readonly logChange = (): void => {
    const [from, to] = [this.logged, this.name];
    this.logged = to;
    if (from !== null) this.log.warn({ from, to }, 'Using another database host');
  };
}
