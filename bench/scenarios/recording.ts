import type { BenchContext } from '../harness/scenario.js';
import { Measurements, type Round, type ScenarioResult } from '../harness/results.js';
import type { Testbed } from '../harness/testbed.js';

export const connectionsText = (count: number): string =>
  count === 1 ? '1 connection' : `${count} connections`;

export const number = (value: number): string => Math.round(value).toLocaleString('en-GB');

/** Collects a scenario's measurements and reports its progress. */
export class Recording {
  readonly measurements = new Measurements();
  readonly facts: (readonly [string, string])[] = [];
  /** Promises that the answers themselves show to be broken. */
  readonly violations: string[] = [];

  constructor(
    private readonly context: BenchContext,
    private readonly about: Pick<ScenarioResult, 'name' | 'title' | 'about'>,
  ) {}

  /** Measures one round of a strategy under a condition. */
  async round(
    kind: { readonly strategy: string; readonly condition: string; readonly unit: string },
    seconds: number,
    measure: () => Promise<Round>,
  ): Promise<Round> {
    const { strategy, condition } = kind;
    this.context.progress.begin(`${this.about.title} · ${condition} · ${strategy}`, seconds);
    const round = await measure();
    this.context.progress.end();
    this.measurements.add(kind, round);
    return round;
  }

  /** Checks and removes the testbeds. */
  async finish(
    testbeds: readonly Testbed[],
    series: ScenarioResult['series'] = [],
  ): Promise<ScenarioResult> {
    const violations = [...this.violations];
    for (const testbed of testbeds) violations.push(...(await testbed.close()));
    const { facts } = this;
    return { ...this.about, measurements: this.measurements.all, facts, series, violations };
  }
}
