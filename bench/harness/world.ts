import { randomBytes } from 'node:crypto';
import type { ClosedPlan, LoadResult, Plan, Workload } from '../load/plan.js';
import type { Bench } from './bench.js';
import { type Build, createDatabase, type Database, THIS_BUILD } from './database.js';
import { makeKey } from './keys.js';
import { LedgerCheck } from './ledger-check.js';
import type { Round } from './results.js';
import { cpuSecondsOf, productOf, type Program, ServerProcess } from './server-process.js';

const OPENING_AT_ONCE = 16;
const HEAT_CONNECTIONS = 32;
const HEAT_CAPACITY = 1_000_000;

/** A database of its own with servers on it: what one scenario plays in. */
export class World {
  private readonly check: LedgerCheck;

  private constructor(
    private readonly bench: Bench,
    readonly database: Database,
    private readonly servers: Map<string, ServerProcess>,
  ) {
    this.check = new LedgerCheck(database.connection, database.url);
  }

  static async open(bench: Bench, programs: readonly Program[]): Promise<World> {
    return World.on(bench, await createDatabase(bench.server, THIS_BUILD), programs);
  }

  /** A build as it stands on the internet: who calls it shows an organiser's key. */
  static async ofBuild(bench: Bench, build: Build): Promise<World> {
    const database = await createDatabase(bench.server, build);
    const program = productOf(build, build.name, await makeKey(build, database.url));
    return World.on(bench, database, [program]);
  }

  private static async on(
    bench: Bench,
    database: Database,
    programs: readonly Program[],
  ): Promise<World> {
    const starting = programs.map(async (program) => {
      const server = await ServerProcess.start(program, database.url, bench.folder);
      return [program.name, server] as const;
    });
    const world = new World(bench, database, new Map(await Promise.all(starting)));
    await world.check.begin();
    return world;
  }

  server(name: string): ServerProcess {
    return this.servers.get(name)!;
  }

  /** A server that does not book and so needs no check. */
  add(server: ServerProcess): void {
    this.servers.set(server.name, server);
  }

  /** A single booking outside of any measurement. */
  async book(name: string, eventId: string, identifier: string): Promise<void> {
    await this.server(name).post('/book', { eventId, identifier });
    this.check.add({ booked: 1 });
  }

  /**
   * Lets every server book for a while: a service that users meet has long been compiled by its
   * engine.
   */
  async heatUp(product: string): Promise<void> {
    const measureMs = this.bench.profile.heatUpSeconds * 1000;
    for (const [name, { target }] of this.servers) {
      this.bench.progress.begin(`warming up ${name}`, 0);
      const eventIds = [await this.openEvent(product, HEAT_CAPACITY)];
      const workload = { kind: 'book', eventIds, prefix: newPrefix() } as const;
      const load = { connections: HEAT_CONNECTIONS, warmUpMs: 0, measureMs };
      await this.measure(name, { loop: 'closed', target, workload, ...load });
    }
  }

  /** Opens events through the product, so that they are as it wants them. */
  async openEvents(product: string, count: number, capacity: number): Promise<string[]> {
    const ids: string[] = [];
    while (ids.length < count) {
      const some = Array.from({ length: Math.min(OPENING_AT_ONCE, count - ids.length) });
      const body = { name: 'On sale', totalTickets: capacity };
      const opened = await Promise.all(
        some.map(() => this.server(product).post<{ id: string }>('/initialize', body)),
      );
      ids.push(...opened.map(({ id }) => id));
    }
    return ids;
  }

  async openEvent(product: string, capacity: number): Promise<string> {
    const [id] = await this.openEvents(product, 1, capacity);
    return id!;
  }

  /** To be called after rows were made by SQL, which no answer tells of; before any measurement. */
  async preloaded(): Promise<void> {
    await this.check.begin();
  }

  /** A closed loop with the profile's times. */
  closed(name: string, connections: number, workload: Workload): Promise<Round> {
    const { seconds, warmUpSeconds } = this.bench.profile;
    const times = { warmUpMs: warmUpSeconds * 1000, measureMs: seconds * 1000 };
    const plan = { loop: 'closed', target: this.server(name).target, connections } as const;
    return this.measure(name, { ...plan, workload, ...times } satisfies ClosedPlan);
  }

  async measure(name: string, plan: Plan): Promise<Round> {
    const server = this.server(name);
    const { pid } = this.bench.server;
    const startedAt = performance.now();
    const before = { service: server.cpuSeconds, database: cpuSecondsOf(pid) };
    const commitsBefore = await this.commits();
    const result = await this.bench.generator.run(plan);
    const commits = (await this.commits()) - commitsBefore;
    const elapsed = (performance.now() - startedAt) / 1000;
    this.check.add(result.answers);
    return {
      ...result,
      rate: rateOf(result),
      commits,
      processors: {
        service: (server.cpuSeconds - before.service) / elapsed,
        database: (cpuSecondsOf(pid) - before.database) / elapsed,
        generator: result.generatorCpu / elapsed,
      },
    };
  }

  /** Checks the promises, then takes everything down. @returns what did not hold */
  async close(): Promise<string[]> {
    const dead = [...this.servers.values()].filter((server) => !server.isRunning);
    const crashes = dead.map((server) => `${server.name} ended while it was under load`);
    for (const server of this.servers.values()) await server.stop();
    this.bench.progress.begin('checking the invariants', 0);
    const violations = await this.check.violations();
    await this.database.drop();
    return [...crashes, ...violations];
  }

  private async commits(): Promise<number> {
    const [rows] = await this.database.connection.query("SHOW GLOBAL STATUS LIKE 'Com_commit'");
    return Number((rows as { Value: string }[])[0]?.Value ?? 0);
  }
}

const rateOf = ({ completed, seconds }: LoadResult): number =>
  seconds === 0 ? 0 : completed / seconds;

/** New people for a run: nobody has booked before. */
export const newPrefix = (): string => `p${randomBytes(4).toString('hex')}-`;
