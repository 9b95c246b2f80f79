import { Contract } from '../../kit/contract.js';
import type { Api } from '../../kit/index.js';
import type { OpenApiDocument } from '../../../src/platform/openapi/document.js';
import { intensity } from '../../setup/intensity.js';
import { Client, type Outcome } from './client.js';
import type { FuzzRequest } from './draft.js';
import { Generator, type Keys } from './generator.js';
import { OutcomeChecks, shown } from './outcome-faults.js';
import { PreparedEvents } from './prepared-events.js';
import { Tally } from './tally.js';
import { KnownEvents } from './known-events.js';

/** Concurrent clients, each on its own connection. */
const CLIENTS = 24;
/** Events prepared beforehand, and one more after this many requests, to replace used-up ones. */
const EVENTS_FIRST = 8;
const REQUESTS_PER_EVENT = 400;
/** The number of kinds of faults that are shown. */
const SHOWN_MAX = 5;
/** After this many faults it stops: each may have taken 15 s. */
const FAULTS_MAX = 200;

export interface Plan {
  readonly seed: number;
  readonly requests: number;
  /** The only request to send, to look at it again. */
  readonly only: number | undefined;
}

/** Reads FUZZ_SEED, FUZZ_REQUESTS and FUZZ_ONLY. */
export function planned(): Plan {
  const { FUZZ_SEED, FUZZ_ONLY } = process.env;
  const seed = Number(FUZZ_SEED ?? Math.floor(Math.random() * 1_000_000_000));
  return {
    seed,
    requests: intensity('FUZZ_REQUESTS'),
    only: FUZZ_ONLY === undefined ? undefined : Number(FUZZ_ONLY),
  };
}

/** Sends the requests of one seed to a service, and checks every answer. */
export class Campaign {
  private readonly events = new KnownEvents();
  private readonly generator: Generator;
  private readonly checks: OutcomeChecks;
  private readonly preparedEvents: PreparedEvents;
  /** Answers by operation, of requests whose operation is known. */
  readonly tally: Tally;
  /** Each fault, and the first request that showed it. */
  private readonly faults = new Map<string, string>();
  private faulty = 0;
  private sent = 0;

  /** @param organisers an API client for each organiser */
  constructor(
    private readonly organisers: readonly Api[],
    document: OpenApiDocument,
    private readonly keys: Keys,
    private readonly plan: Plan,
  ) {
    this.generator = new Generator(document, this.events, keys, plan.seed);
    this.tally = new Tally(this.generator.operations.map(({ name }) => name));
    this.checks = new OutcomeChecks(new Contract(document));
    this.preparedEvents = new PreparedEvents(organisers, this.events);
  }

  get requests(): number {
    return this.sent;
  }

  /** Sends all requests of the plan; prints the seed, so that a run can be repeated. */
  async run(): Promise<void> {
    process.stderr.write(`fuzz: FUZZ_SEED=${this.plan.seed}\n`);
    for (let nth = 0; nth < EVENTS_FIRST; nth += 1) await this.preparedEvents.prepare();
    const { only, requests } = this.plan;
    if (only !== undefined) return this.repeat(only);
    let next = 0;
    const work = async (): Promise<void> => {
      const client = this.client();
      while (next < requests && this.faulty < FAULTS_MAX) {
        const nth = next;
        next += 1;
        if (nth % REQUESTS_PER_EVENT === REQUESTS_PER_EVENT - 1)
          await this.preparedEvents.prepare();
        await this.try(client, nth);
      }
      client.close();
    };
    await Promise.all(Array.from({ length: CLIENTS }, work));
  }

  /** @throws {Error} that shows each kind of fault once, with a request that can be repeated */
  assertFaultless(): void {
    if (this.faults.size === 0) return;
    const shownFaults = [...this.faults]
      .slice(0, SHOWN_MAX)
      .map(([what, how]) => `${what}\n${how}`);
    throw new Error(`${this.faults.size} kinds of faults:\n\n${shownFaults.join('\n\n')}`);
  }

  private client(): Client {
    const { hostname, port } = new URL(this.organisers[0]!.baseUrl);
    return new Client(hostname, Number(port));
  }

  private async repeat(nth: number): Promise<void> {
    const client = this.client();
    const [request, outcome] = await this.try(client, nth);
    process.stderr.write(`${shown(request, outcome, this.plan.seed)}\n`);
    client.close();
  }

  private async try(client: Client, nth: number): Promise<[FuzzRequest, Outcome]> {
    const request = this.generator.request(nth);
    const outcome = await client.send(request);
    this.sent += 1;
    for (const what of this.checks.faultsIn(request, outcome)) this.note(what, request, outcome);
    this.tally.count(request, outcome);
    this.learn(request, outcome);
    return [request, outcome];
  }

  private note(what: string, request: FuzzRequest, outcome: Outcome): void {
    this.faulty += 1;
    const fault = `${request.operation?.name ?? 'no operation'}: ${what.slice(0, 300)}`;
    if (!this.faults.has(fault)) this.faults.set(fault, shown(request, outcome, this.plan.seed));
  }

  private learn({ owner, operation, headers }: FuzzRequest, { answers }: Outcome): void {
    const [answer] = answers;
    if (operation === undefined || answer === undefined || answer.status >= 300) return;
    const own = `Bearer ${this.keys.organisers[owner]}`;
    const isOwn = headers.some(([name, value]) => name === 'Authorization' && value === own);
    if (isOwn && answer.text !== '') this.events.learn(owner, JSON.parse(answer.text));
  }
}
