import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Profile } from '../harness/profile.js';
import type { ScenarioResult } from '../harness/results.js';
import type { Verdict } from './judge.js';
import { chartsOf } from './charts.js';
import { renderSvg } from './line-chart.js';
import { markdown } from './markdown.js';

/** The results of a run, and the machine they were measured on. */
export interface RunResults {
  readonly run: Readonly<Record<string, string>>;
  readonly profile: Profile;
  readonly results: readonly ScenarioResult[];
}

export interface Report extends RunResults {
  readonly verdicts: readonly Verdict[];
}

/** Writes report.md, report.json and the charts that this run has the figures for. */
export async function writeReport(folder: string, report: Report): Promise<void> {
  mkdirSync(folder, { recursive: true });
  // A scenario that broke a promise reports no figures, in none of the files.
  const results = report.results.map((result) =>
    result.violations.length === 0
      ? result
      : { ...result, measurements: [], facts: [], series: [] },
  );
  const charts = chartsOf(results.filter(({ violations }) => violations.length === 0));
  for (const chart of charts) {
    writeFileSync(join(folder, chart.file), await renderSvg(chart));
  }
  const json = JSON.stringify({ ...report, results }, rounded, 2);
  writeFileSync(join(folder, 'report.json'), `${json}\n`);
  writeFileSync(join(folder, 'report.md'), markdown(report, charts));
}

/** Reads a report.json, so that it can be judged and drawn again. */
export const readResults = (file: string): RunResults =>
  JSON.parse(readFileSync(file, 'utf8'), nanFromNull) as RunResults;

/** JSON has no NaN: figures that are not known are written as null. */
const nanFromNull = (_: string, value: unknown): unknown => (value === null ? NaN : value);

/** Microseconds of a millisecond are noise. */
const rounded = (_: string, value: unknown): unknown =>
  typeof value === 'number' ? Math.round(value * 1000) / 1000 : value;
