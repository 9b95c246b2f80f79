/** Messages between the benchmark and the load generator's process: plain data only. */

export interface Target {
  readonly host: string;
  readonly port: number;
  /** The API key that every request carries, if the service requires one. */
  readonly key?: string | undefined;
}

/** People with one ticket each, numbered `first … first + count - 1` (see `personName`). */
export interface TicketHolders {
  readonly prefix: string;
  readonly first: number;
  readonly count: number;
}

export type Workload =
  /** Each request books one ticket for a new person, at an event chosen at random. */
  | { readonly kind: 'book'; readonly eventIds: readonly string[]; readonly prefix: string }
  /** Each holder joins the waitlist, then cancels, so that the waitlist keeps its length. */
  | { readonly kind: 'join-cancel'; readonly eventId: string; readonly holders: TicketHolders }
  /** 80 % status, 15 % book, 5 % cancel of an earlier booking or waitlist entry. */
  | { readonly kind: 'mixed'; readonly eventIds: readonly string[]; readonly prefix: string }
  /** Each request reads one of the paths, chosen at random. */
  | { readonly kind: 'read'; readonly paths: readonly string[] };

/** Each connection sends its next request when it has the answer to the last one. */
export interface ClosedPlan {
  readonly loop: 'closed';
  readonly target: Target;
  readonly workload: Workload;
  readonly connections: number;
  /** Load before the measured window. */
  readonly warmUpMs: number;
  readonly measureMs: number;
}

/** Requests are sent when they are due, whether or not the answers keep up. */
export interface OpenPlan {
  readonly loop: 'open';
  readonly target: Target;
  readonly workload: Workload;
  /** A request waits for a free connection; the wait counts as latency. */
  readonly connections: number;
  readonly arrivalsPerSecond: readonly number[];
}

/** Everybody sends one request at the same moment and repeats it after `Retry-After` if it is refused. */
export interface CrowdPlan {
  readonly loop: 'crowd';
  readonly target: Target;
  readonly workload: Workload;
  /** Each on a connection of their own, opened before the first request. */
  readonly people: number;
}

/** More arrivals than the service can answer; then each of a few connections sends one request at a time. */
export interface OverloadPlan {
  readonly loop: 'overload';
  readonly target: Target;
  readonly workload: Workload;
  /** An arrival that finds no free connection is not sent. */
  readonly connections: number;
  readonly arrivalsPerSecond: number;
  readonly seconds: number;
  readonly after: { readonly connections: number; readonly seconds: number };
}

/** Clients that send requests and do not read the answers. */
export interface UnreadPlan {
  readonly loop: 'unread';
  readonly target: Target;
  readonly path: string;
  readonly connections: number;
  /** Sent at once, without waiting for answers. */
  readonly requestsPerConnection: number;
  readonly seconds: number;
}

export type ScriptedPlan = ClosedPlan | OpenPlan | CrowdPlan | OverloadPlan;
export type Plan = ScriptedPlan | UnreadPlan;

/** Milliseconds. */
export interface Latency {
  readonly count: number;
  readonly mean: number;
  readonly p50: number;
  readonly p90: number;
  readonly p95: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}

export interface LoadResult {
  /** Length of the measured window; shorter than planned if the work ran out. */
  readonly seconds: number;
  /** Counted answers within the window. */
  readonly completed: number;
  /** Counted answers in each step from the start of the window, also after its end. */
  readonly perStep: readonly number[];
  readonly stepSeconds: number;
  readonly latency: Latency;
  /** All answers by outcome, including those before and after the measured window. */
  readonly answers: Readonly<Record<string, number>>;
  /** CPU seconds of the generator. */
  readonly generatorCpu: number;
}

/** Shared by preloading and workloads, so that preloaded people can cancel. */
export const personName = (prefix: string, number: number): string =>
  `${prefix}${String(number).padStart(8, '0')}@example.org`;
