import type { Bench } from '../harness/bench.js';
import { Measurements, type Round, type ScenarioResult } from '../harness/results.js';
import type { World } from '../harness/world.js';

export const connectionsText = (count: number): string =>
  count === 1 ? '1 connection' : `${count} connections`;

export const number = (value: number): string => Math.round(value).toLocaleString('en-GB');

/** Collects what a scenario measures, and tells the progress bar what is going on. */
export class Recording {
  readonly measurements = new Measurements();
  readonly facts: (readonly [string, string])[] = [];
  /** What the answers themselves show to be wrong. */
  readonly violations: string[] = [];

  constructor(
    private readonly bench: Bench,
    private readonly about: Pick<ScenarioResult, 'name' | 'title' | 'about'>,
  ) {}

  /** Runs one measurement as the next round of its strategy and condition. */
  async round(
    kind: { readonly strategy: string; readonly condition: string; readonly unit: string },
    seconds: number,
    measure: () => Promise<Round>,
  ): Promise<Round> {
    const { strategy, condition } = kind;
    this.bench.progress.begin(`${this.about.title} · ${condition} · ${strategy}`, seconds);
    const round = await measure();
    this.bench.progress.end();
    this.measurements.add(kind, round);
    return round;
  }

  /** Ends the scenario: the worlds are checked and taken down. */
  async finish(
    worlds: readonly World[],
    series: ScenarioResult['series'] = [],
  ): Promise<ScenarioResult> {
    const violations = [...this.violations];
    for (const world of worlds) violations.push(...(await world.close()));
    const { facts } = this;
    return { ...this.about, measurements: this.measurements.all, facts, series, violations };
  }
}
