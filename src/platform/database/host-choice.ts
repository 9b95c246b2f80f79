import { type DatabaseAddress, describeHost, parseDatabaseHosts } from '../config/index.js';
import { checkHost, type HostState } from './host-check.js';

/** Notices a host that became read-only although nothing is written, and a frozen one. */
const CHECK_EVERY_MS = 2_000;

/** Between two checks, however many connections fail. */
const PAUSE_MS = 500;

/** Where the state is in the shared memory. */
const CHOSEN = 0;
const CHANGES = 1;

/** In the shared memory, because its first content is 0. */
const NONE = 0;

type Check = typeof checkHost;

/**
 * Chooses one of the hosts in DATABASE_URL, for all connections of the process: the first that can be written. It stays
 * until it cannot be written and another one can. So instances with the same list use the same host, as a rule.
 *
 * The threads share the choice: what one thread writes, another one must find.
 */
export class HostChoice {
  private readonly state: Int32Array;
  private readonly followers = new Set<() => void>();
  private checking: Promise<void> | undefined;
  private checkedAt = -Infinity;
  private timer: NodeJS.Timeout | undefined;
  private noticed = NONE;

  /** @param shared of the thread that has made the choice; this thread follows it then */
  constructor(
    private readonly hosts: readonly DatabaseAddress[],
    readonly shared = new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT),
    private readonly check: Check = checkHost,
  ) {
    this.state = new Int32Array(shared);
  }

  /** Undefined before the first choice. */
  get current(): DatabaseAddress | undefined {
    return this.hosts[Atomics.load(this.state, CHOSEN) - 1];
  }

  /** The current host for people, without credentials. */
  get currentName(): string | undefined {
    return this.current && describeHost(this.current);
  }

  /** How often the host has changed. */
  get changes(): number {
    return Atomics.load(this.state, CHANGES);
  }

  /** The host to use now. */
  async choose(): Promise<DatabaseAddress> {
    if (this.current === undefined) await this.checkNow();
    this.notice();
    return this.current!;
  }

  /** A connection could not be opened, or is not usable any more: looks whether the host can still be written. */
  suspect(): void {
    this.checking ??= this.checkSoon();
  }

  /** @param moved called after each change of the host */
  follow(moved: () => void): void {
    this.followers.add(moved);
    this.timer ??= setInterval(() => {
      this.notice();
      this.suspect();
    }, CHECK_EVERY_MS).unref();
  }

  unfollow(moved: () => void): void {
    this.followers.delete(moved);
    if (this.followers.size > 0) return;
    clearInterval(this.timer);
    this.timer = undefined;
  }

  private checkNow(): Promise<void> {
    this.checking ??= this.checkAll();
    return this.checking;
  }

  private async checkSoon(): Promise<void> {
    const wait = this.checkedAt + PAUSE_MS - performance.now();
    await new Promise((resolve) => setTimeout(resolve, wait).unref());
    return this.checkAll();
  }

  private async checkAll(): Promise<void> {
    try {
      const { current } = this;
      if (current !== undefined && (await this.check(current)) === 'writable') return;
      const states = await Promise.all(this.hosts.map((host) => this.check(host)));
      const hostThatIs = (state: HostState): DatabaseAddress | undefined =>
        this.hosts[states.indexOf(state)];
      // A pause of this process or of the network, and not of the host.
      if (current !== undefined && states[this.hosts.indexOf(current)] === 'writable') return;
      // The current host may be able again before another one.
      const next = hostThatIs('writable') ?? current ?? hostThatIs('read-only') ?? this.hosts[0]!;
      this.moveTo(next, current);
    } finally {
      this.checkedAt = performance.now();
      this.checking = undefined;
    }
  }

  /** If another thread has moved meanwhile, its choice holds. */
  private moveTo(next: DatabaseAddress, from: DatabaseAddress | undefined): void {
    if (next === from) return;
    const number = (host?: DatabaseAddress): number =>
      host === undefined ? NONE : this.hosts.indexOf(host) + 1;
    const expected = number(from);
    if (Atomics.compareExchange(this.state, CHOSEN, expected, number(next)) !== expected) return;
    if (from !== undefined) Atomics.add(this.state, CHANGES, 1);
    this.notice();
  }

  /** Also what another thread has moved. */
  private notice(): void {
    const chosen = Atomics.load(this.state, CHOSEN);
    if (chosen === this.noticed) return;
    this.noticed = chosen;
    for (const moved of this.followers) moved();
  }
}

const choices = new Map<string, HostChoice>();

/** The choice of this process among the hosts of a DATABASE_URL; undefined if it has one host. */
export function hostChoiceOf(databaseUrl: string): HostChoice | undefined {
  const hosts = parseDatabaseHosts(databaseUrl);
  if (hosts.length > 1 && !choices.has(databaseUrl)) {
    choices.set(databaseUrl, new HostChoice(hosts));
  }
  return choices.get(databaseUrl);
}

/** In a thread: follows the choice of the thread that has started it. */
export function shareHostChoice(databaseUrl: string, shared: SharedArrayBuffer | undefined): void {
  if (shared === undefined) return;
  choices.set(databaseUrl, new HostChoice(parseDatabaseHosts(databaseUrl), shared));
}
