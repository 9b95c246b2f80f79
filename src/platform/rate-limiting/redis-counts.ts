import type { createClient } from '@redis/client';

const PREFIX = 'rowlock:limit:';
const ANSWER_MS_MAX = 1_000;
const CONNECT_MS_MAX = 2_000;
const RECONNECT_MS_MIN = 100;
const RECONNECT_MS_MAX = 2_000;
const PROBE_MS = 1_000;

/**
 * Adds to each count and says how long it still lasts; the first to come says how long that is. One that would
 * last for longer than its window, somebody else has written: it is made to end.
 */
const ADD = `
local answers = {}
for i, key in ipairs(KEYS) do
  local hits = redis.call('INCRBY', key, ARGV[3 * i - 2])
  local ms = redis.call('PTTL', key)
  if ms < 0 or ms > tonumber(ARGV[3 * i]) then
    ms = tonumber(ARGV[3 * i - 1])
    redis.call('PEXPIRE', key, ms)
  end
  answers[2 * i - 1] = hits
  answers[2 * i] = ms
end
return answers`;

/** Hits in a window, and how long it lasts yet. */
export interface Count {
  readonly hits: number;
  readonly ms: number;
}

/** What is to be added to a count, which then lasts for `msMax` at the most. */
export interface News extends Count {
  readonly key: string;
  readonly msMax: number;
}

/** A count that changes nothing, to see whether counts can be changed. */
const PROBE = { key: 'probe', hits: 0, ms: 1_000, msMax: 1_000 };

/** Told when Redis counts, and whenever it does not (again and again while it is away). */
export interface Listener {
  found(): void;
  lost(error: unknown): void;
}

type Client = ReturnType<typeof createClient>;
type NewClient = () => Client;

/** Counts in Redis that end by themselves. */
export class RedisCounts {
  private client: Client | undefined;
  private timer: NodeJS.Timeout | undefined;

  private constructor(
    private readonly newClient: NewClient,
    private readonly listener: Listener,
  ) {
    this.connect();
  }

  /** Returns at once: who waits for Redis is told when it is there. */
  static async at(url: string, listener: Listener): Promise<RedisCounts> {
    // Loaded only where it is wanted.
    const redis = await import('@redis/client');
    const options = {
      url,
      disableOfflineQueue: true,
      socket: { connectTimeout: CONNECT_MS_MAX, reconnectStrategy: reconnectMs },
    };
    return new RedisCounts(() => redis.createClient(options), listener);
  }

  /**
   * @param news hits to be added, and how long a count lasts if it is new; milliseconds
   * @returns the totals, in the same order
   * @throws whatever is in the way; also if there is no answer within a second
   */
  async add(news: readonly News[]): Promise<Count[]> {
    const keys = news.map(({ key }) => PREFIX + key);
    const values = news.flatMap(({ hits, ms, msMax }) => [hits, ms, msMax].map(String));
    const client = this.client!;
    const answers = await inTime(client.eval(ADD, { keys, arguments: values }), () => {
      // It may be a connection to a machine that is no more: nothing else would end that for minutes.
      if (this.client === client) this.connect();
    }).catch((error: unknown) => {
      this.probeLater(client);
      throw error;
    });
    return news.map((_, index) => ({ hits: answers[2 * index]!, ms: answers[2 * index + 1]! }));
  }

  close(): void {
    const { client } = this;
    this.client = undefined;
    clearTimeout(this.timer);
    client?.removeAllListeners().on('error', () => undefined);
    if (client?.isOpen === true) client.destroy();
  }

  private connect(): void {
    this.close();
    const client = this.newClient();
    this.client = client;
    client.on('ready', () => void this.probe());
    client.on('error', (error) => this.listener.lost(error));
    client.connect().catch((error: unknown) => {
      if (this.client === client) this.listener.lost(error);
    });
  }

  /** Who is connected may still be loading, full, or a copy that can only be read. */
  private async probe(): Promise<void> {
    try {
      await this.add([PROBE]);
      this.listener.found();
    } catch (error) {
      this.listener.lost(error);
    }
  }

  /** One that is connected says no word when it can count again; one that connects does. */
  private probeLater(client: Client): void {
    if (this.client !== client || !client.isReady) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.probe(), PROBE_MS).unref();
  }
}

const reconnectMs = (retries: number): number =>
  Math.min(RECONNECT_MS_MAX, RECONNECT_MS_MIN * 2 ** retries) * (0.5 + Math.random() / 2);

async function inTime(answer: Promise<unknown>, onLate: () => void): Promise<readonly number[]> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`Redis did not answer within ${ANSWER_MS_MAX} ms`));
      onLate();
    }, ANSWER_MS_MAX);
  });
  try {
    return (await Promise.race([answer, late])) as readonly number[];
  } finally {
    clearTimeout(timer);
  }
}
