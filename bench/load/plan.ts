/** What a load generator is told, and what it tells back. Crosses a process boundary: data only. */

export interface Target {
  readonly host: string;
  readonly port: number;
  /** The API key that every request shows, if the service asks for one. */
  readonly key?: string | undefined;
}

/** Tickets numbered `first … first + count - 1`, each held by one person (see `personName`). */
export interface Holders {
  readonly prefix: string;
  readonly first: number;
  readonly count: number;
}

export type Workload =
  /** Every request books one place for a new person, at an event drawn at random. */
  | { readonly kind: 'book'; readonly eventIds: readonly string[]; readonly prefix: string }
  /** Holders cancel; each then joins the end of the line, so that the line keeps its length. */
  | { readonly kind: 'join-cancel'; readonly eventId: string; readonly holders: Holders }
  /** 80 % status, 15 % book, 5 % cancel of somebody who booked before. */
  | { readonly kind: 'mixed'; readonly eventIds: readonly string[]; readonly prefix: string }
  | { readonly kind: 'read'; readonly path: string };

/** Each connection sends its next request when the answer to the last is there. */
export interface ClosedPlan {
  readonly loop: 'closed';
  readonly target: Target;
  readonly workload: Workload;
  readonly connections: number;
  /** Load without measuring: code gets compiled, caches get warm. */
  readonly warmUpMs: number;
  readonly measureMs: number;
}

/** Requests are sent when they are due, whether or not the answers keep up. */
export interface OpenPlan {
  readonly loop: 'open';
  readonly target: Target;
  readonly workload: Workload;
  /** Requests wait for a free one of these; the wait counts as their latency. */
  readonly connections: number;
  readonly arrivalsPerSecond: readonly number[];
}

export type Plan = ClosedPlan | OpenPlan;

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
  /** Of the measured window; shorter than planned if the work ran out. */
  readonly seconds: number;
  /** Counted answers within the window. */
  readonly completed: number;
  readonly perSecond: readonly number[];
  readonly latency: Latency;
  /** Every answer by what it said: warm-up and the ones after the window too. */
  readonly answers: Readonly<Record<string, number>>;
  /** Processor seconds of the generator in the window. */
  readonly generatorCpu: number;
}

/** The name of a person that preloading and workloads agree on. */
export const personName = (prefix: string, number: number): string =>
  `${prefix}${String(number).padStart(8, '0')}@example.org`;
