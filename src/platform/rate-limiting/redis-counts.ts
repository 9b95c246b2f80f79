import type { createClient } from '@redis/client';
import { withTimeout } from '../common/index.js';

const PREFIX = 'rowlock:limit:';
const ANSWER_MS_MAX = 1_000;
const CONNECT_MS_MAX = 2_000;
const RECONNECT_MS_MIN = 100;
const RECONNECT_MS_MAX = 2_000;
const PROBE_MS = 1_000;

/**
 * Adds to each count and returns its total and remaining time. The first hit sets the expiry. A key without
 * an expiry, or with one beyond its window, was written by another program: its expiry is set again.
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

/** The hits in a window, and the milliseconds until it ends. */
export interface Count {
  readonly hits: number;
  readonly ms: number;
}

/** Hits to add to a count, which then expires within `msMax`. */
export interface CountDelta extends Count {
  readonly key: string;
  readonly msMax: number;
}

/** Adds nothing; shows whether Redis accepts writes. */
const PROBE = { key: 'probe', hits: 0, ms: 1_000, msMax: 1_000 };

/** Learns when Redis accepts counts, and of every failure (repeatedly while Redis is unavailable). */
interface AvailabilityListener {
  available(): void;
  unavailable(error: unknown): void;
}

type Client = ReturnType<typeof createClient>;
type ClientFactory = () => Client;

/** Counts in Redis that expire by themselves. */
export class RedisCounts {
  private client: Client | undefined;
  private timer: NodeJS.Timeout | undefined;

  private constructor(
    private readonly createRedisClient: ClientFactory,
    private readonly listener: AvailabilityListener,
  ) {
    this.connect();
  }

  /** Returns without waiting for the connection; the listener learns when Redis is available. */
  static async connectTo(url: string, listener: AvailabilityListener): Promise<RedisCounts> {
    // Loaded only if REDIS_URL is set.
    const redis = await import('@redis/client');
    const options = {
      url,
      disableOfflineQueue: true,
      socket: { connectTimeout: CONNECT_MS_MAX, reconnectStrategy: reconnectMs },
    };
    return new RedisCounts(() => redis.createClient(options), listener);
  }

  /**
   * @returns the totals, in the same order
   * @throws any error of Redis, also after a second without an answer
   */
  async add(deltas: readonly CountDelta[]): Promise<Count[]> {
    const keys = deltas.map(({ key }) => PREFIX + key);
    const values = deltas.flatMap(({ hits, ms, msMax }) => [hits, ms, msMax].map(String));
    const client = this.client!;
    const request = client.eval(ADD, { keys, arguments: values }) as Promise<readonly number[]>;
    const answers = await withTimeout(request, ANSWER_MS_MAX, () => {
      // The machine at the other end may be gone; TCP alone would notice only after minutes.
      if (this.client === client) this.connect();
      throw new Error(`Redis did not answer within ${ANSWER_MS_MAX} ms`);
    }).catch((error: unknown) => {
      this.probeLater(client);
      throw error;
    });
    return deltas.map((_, index) => ({ hits: answers[2 * index]!, ms: answers[2 * index + 1]! }));
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
    const client = this.createRedisClient();
    this.client = client;
    client.on('ready', () => void this.probe());
    client.on('error', (error) => this.listener.unavailable(error));
    client.connect().catch((error: unknown) => {
      if (this.client === client) this.listener.unavailable(error);
    });
  }

  /** A server that accepts connections may still be loading, out of memory, or a read-only replica. */
  private async probe(): Promise<void> {
    try {
      await this.add([PROBE]);
      this.listener.available();
    } catch (error) {
      this.listener.unavailable(error);
    }
  }

  /** A connected client gets no event when Redis accepts writes again, so it has to probe. */
  private probeLater(client: Client): void {
    if (this.client !== client || !client.isReady) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.probe(), PROBE_MS).unref();
  }
}

const reconnectMs = (retries: number): number =>
  Math.min(RECONNECT_MS_MAX, RECONNECT_MS_MIN * 2 ** retries) * (0.5 + Math.random() / 2);
