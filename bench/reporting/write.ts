import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Profile } from '../harness/profile.js';
import type { ScenarioResult } from '../harness/results.js';
import type { Verdict } from './bars.js';
import { markdown } from './markdown.js';
import { plotsOf } from './plots.js';

export interface Report {
  readonly run: readonly (readonly [name: string, value: string])[];
  readonly profile: Profile;
  readonly results: readonly ScenarioResult[];
  readonly verdicts: readonly Verdict[];
}

/** Writes report.md, report.json and the plots that the scenarios of this run can fill. */
export async function writeReport(folder: string, report: Report): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const held = report.results.filter(({ violations }) => violations.length === 0);
  const plots = plotsOf(held);
  for (const { file, svg } of plots) writeFileSync(join(folder, file), svg);
  // A broken run prints no figure, here neither.
  const results = report.results.map((result) =>
    held.includes(result) ? result : { ...result, measurements: [], facts: [], series: [] },
  );
  const run = Object.fromEntries(report.run);
  const json = JSON.stringify({ ...report, run, results }, rounded, 2);
  writeFileSync(join(folder, 'report.json'), `${json}\n`);
  writeFileSync(join(folder, 'report.md'), markdown(report, plots));
}

/** Microseconds of a millisecond are noise. */
const rounded = (_: string, value: unknown): unknown =>
  typeof value === 'number' ? Math.round(value * 1000) / 1000 : value;
