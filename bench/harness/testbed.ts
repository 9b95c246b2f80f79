import { randomBytes } from 'node:crypto';
import type { ClosedPlan, LoadResult, Plan, Workload } from '../load/plan.js';
import type { BenchContext } from './scenario.js';
import { type Build, createDatabase, type Database, THIS_BUILD } from './database.js';
import { makeKey } from './keys.js';
import { AnswerAudit } from './answer-audit.js';
import type { Round } from './results.js';
import { sampleEvery } from './samples.js';
import { cpuSecondsOf, serviceProgram, type Program, ServerProcess } from './server-process.js';

const PARALLEL_OPENS = 16;
const MEMORY_SAMPLE_MS = 100;
const WARM_UP_CONNECTIONS = 32;
const WARM_UP_CAPACITY = 1_000_000;

/** One scenario's database and the servers that run on it. */
export class Testbed {
  private readonly audit: AnswerAudit;

  private constructor(
    private readonly context: BenchContext,
    readonly database: Database,
    private readonly servers: Map<string, ServerProcess>,
    programs: readonly Program[],
  ) {
    const tables = programs.flatMap(({ bookingsTable }) => bookingsTable ?? []);
    this.audit = new AnswerAudit(database.connection, database.url, tables);
  }

  static async open(context: BenchContext, programs: readonly Program[]): Promise<Testbed> {
    return Testbed.on(context, await createDatabase(context.server, THIS_BUILD), programs);
  }

  /** A build as deployed on the internet: requests carry an organiser's API key. */
  static async ofBuild(context: BenchContext, build: Build, name = build.name): Promise<Testbed> {
    const database = await createDatabase(context.server, build);
    const program = serviceProgram(build, name, await makeKey(build, database.url));
    return Testbed.on(context, database, [program]);
  }

  private static async on(
    context: BenchContext,
    database: Database,
    programs: readonly Program[],
  ): Promise<Testbed> {
    const starting = programs.map(async (program) => {
      const server = await ServerProcess.start(context, program, database.url);
      return [program.name, server] as const;
    });
    const testbed = new Testbed(context, database, new Map(await Promise.all(starting)), programs);
    await testbed.audit.restart();
    return testbed;
  }

  server(name: string): ServerProcess {
    return this.servers.get(name)!;
  }

  /** For a server that writes nothing and needs no audit. */
  add(server: ServerProcess): void {
    this.servers.set(server.name, server);
  }

  /** Makes one booking outside of any measurement. */
  async book(name: string, eventId: string, identifier: string): Promise<void> {
    await this.server(name).post('/book', { eventId, identifier });
    this.audit.add({ booked: 1 });
  }

  /** Lets every server book for a while, so that V8 has compiled the hot code. */
  async warmUp(serverName: string): Promise<void> {
    const measureMs = this.context.profile.serverWarmUpSeconds * 1000;
    for (const [name, { target }] of this.servers) {
      this.context.progress.begin(`warming up ${name}`, 0);
      const eventIds = [await this.openEvent(serverName, WARM_UP_CAPACITY)];
      const workload = { kind: 'book', eventIds, prefix: newPrefix() } as const;
      const load = { connections: WARM_UP_CONNECTIONS, warmUpMs: 0, measureMs };
      await this.measure(name, { loop: 'closed', target, workload, ...load });
    }
  }

  /** Opens events through the service's API. */
  async openEvents(
    serverName: string,
    count: number,
    capacity: number,
    key?: string,
  ): Promise<string[]> {
    const ids: string[] = [];
    while (ids.length < count) {
      const some = Array.from({ length: Math.min(PARALLEL_OPENS, count - ids.length) });
      const body = { name: 'On sale', totalTickets: capacity };
      const opened = await Promise.all(
        some.map(() => this.server(serverName).post<{ id: string }>('/initialize', body, key)),
      );
      ids.push(...opened.map(({ id }) => id));
    }
    return ids;
  }

  async openEvent(serverName: string, capacity: number): Promise<string> {
    const [id] = await this.openEvents(serverName, 1, capacity);
    return id!;
  }

  /** Call after inserting rows by SQL, which no answer acknowledges, and before any measurement. */
  async restartAudit(): Promise<void> {
    await this.audit.restart();
  }

  /** Runs a closed loop for the profile's times. */
  closedLoop(name: string, connections: number, workload: Workload): Promise<Round> {
    const { seconds, warmUpSeconds } = this.context.profile;
    const times = { warmUpMs: warmUpSeconds * 1000, measureMs: seconds * 1000 };
    const plan = { loop: 'closed', target: this.server(name).target, connections } as const;
    return this.measure(name, { ...plan, workload, ...times } satisfies ClosedPlan);
  }

  async measure(name: string, plan: Plan, generator = this.context.generator): Promise<Round> {
    const server = this.server(name);
    const { pid } = this.context.server;
    const startedAt = performance.now();
    const before = { service: server.cpuSeconds, database: cpuSecondsOf(pid) };
    const commitsBefore = await this.commits();
    const memory = sampleEvery(MEMORY_SAMPLE_MS, () => server.rssMb);
    const result = await generator.run(plan).finally(() => memory.stop());
    const commits = (await this.commits()) - commitsBefore;
    const elapsed = (performance.now() - startedAt) / 1000;
    this.audit.add(result.answers);
    return {
      ...result,
      rate: rateOf(result),
      commits,
      peakMb: Math.max(...memory.stop()),
      processors: {
        service: (server.cpuSeconds - before.service) / elapsed,
        database: (cpuSecondsOf(pid) - before.database) / elapsed,
        generator: result.generatorCpu / elapsed,
      },
    };
  }

  /** Stops the servers, checks the database and drops it. @returns the promises that did not hold */
  async close(): Promise<string[]> {
    const exited = [...this.servers.values()].filter((server) => !server.isRunning);
    const crashes = exited.map((server) => `${server.name} exited under load`);
    for (const server of this.servers.values()) await server.stop();
    this.context.progress.begin('checking the invariants', 0);
    const violations = await this.audit.violations();
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

/** A prefix for the names of people who have not booked before. */
export const newPrefix = (): string => `p${randomBytes(4).toString('hex')}-`;
