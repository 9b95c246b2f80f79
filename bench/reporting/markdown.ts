import type { ScenarioResult } from '../harness/results.js';
import { rangeText, ratioText } from './bars.js';
import type { Plot } from './plots.js';
import { HEAD, rowsOf, WORDS } from './rows.js';
import type { Report } from './write.js';

const READING = `Rates are answers per second within the measured window; latency runs from sending a request (in the
replay: from the moment it was due) to its answer, and percentiles are exact. Figures are medians over the
rounds; ratios are medians of the ratios round by round, since the strategies of one round ran right after each
other. _Per commit_ is how many changes one COMMIT of the database carried on average: the batch size.
_Processors_ are those kept busy by the service, the database and the load generator.
Absolute numbers belong to this machine on this day. The ratios travel better.`;

export function markdown(report: Report, plots: readonly Plot[]): string {
  const { run, profile, results, verdicts } = report;
  const facts = run.map(([name, value]) => `| ${name} | ${value} |`);
  const measured = `${profile.name} profile: ${profile.rounds} rounds of ${profile.seconds} s each`;
  return [
    '# Benchmark report',
    READING,
    [`| run | |`, '|---|---|', ...facts, `| measured | ${measured} |`].join('\n'),
    verdicts.length === 0 ? '' : bars(report),
    ...results.map((result) => section(result, plots)),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
    .concat('\n');
}

function bars({ verdicts }: Report): string {
  const rows = verdicts.map(({ passed, what, bound, ratio, range }) => {
    return `| ${passed ? 'PASS' : '**MISS**'} | ${what} | ${ratioText(ratio)} | ${bound} | ${rangeText(range)} |`;
  });
  return [
    '## Bars',
    '',
    '| | ratio | median | bar | rounds |',
    '|---|---|--:|--:|---|',
    ...rows,
  ].join('\n');
}

function section(result: ScenarioResult, plots: readonly Plot[]): string {
  const head = `## ${result.title}\n\n${result.about}`;
  if (result.violations.length > 0) {
    const list = result.violations.map((violation) => `- ${violation.replaceAll('\n', '\n  ')}`);
    return `${head}\n\n**Violated, so there is no figure:**\n\n${list.join('\n')}`;
  }
  const alignment = HEAD.map((name) => (WORDS.has(name) ? '---' : '--:'));
  const table = [HEAD, alignment, ...rowsOf(result)].map((row) => `| ${row.join(' | ')} |`);
  const facts = result.facts.map(([name, value]) => `- ${name}: ${value}`);
  const images = plots
    .filter(({ scenario }) => scenario === result.name)
    .map(({ title, file }) => `![${title}](${file})`);
  const parts = [head, table.join('\n'), facts.join('\n'), images.join('\n\n')];
  return parts.filter((part) => part !== '').join('\n\n');
}
