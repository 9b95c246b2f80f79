import type { ScenarioResult } from '../harness/results.js';
import type { ReportChart } from './charts.js';
import { HEAD, rowsOf, TEXT_COLUMNS } from './rows.js';
import { rangeText, valueText } from './verdict-text.js';
import type { Report } from './write.js';

const HOW_TO_READ = `Rates are answers per second within the measured window. Latency runs from sending a request to its answer;
in the replay, it runs from the moment the request was due. Percentiles are exact. Figures are medians over the
rounds. Ratios are medians of the ratios round by round, because the strategies of one round ran right after
each other. _Per commit_ is the average number of changes in one COMMIT of the database: the batch size.
_CPUs_ is the average number of busy processors: service + database + load generator. _MB_ is the highest
resident memory of the service.
Absolute numbers belong to this machine on this day. Ratios carry over better.`;

export function markdown(report: Report, charts: readonly ReportChart[]): string {
  const { run, profile, results, verdicts } = report;
  const facts = Object.entries(run).map(([name, value]) => `| ${name} | ${value} |`);
  const measured = `${profile.name} profile: ${profile.rounds} rounds of ${profile.seconds} s each`;
  return [
    '# Benchmark report',
    HOW_TO_READ,
    [`| run | |`, '|---|---|', ...facts, `| measured | ${measured} |`].join('\n'),
    verdicts.length === 0 ? '' : bars(report),
    ...results.map((result) => section(result, charts)),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
    .concat('\n');
}

function bars({ verdicts }: Report): string {
  const rows = verdicts.map(({ passed, what, bound, value, range }) => {
    const verdict = passed ? 'PASS' : '**MISS**';
    return `| ${verdict} | ${what} | ${valueText(value)} | ${bound} | ${rangeText(range)} |`;
  });
  return [
    '## Bars',
    '',
    '| | measure | median | bar | rounds |',
    '|---|---|--:|--:|---|',
    ...rows,
  ].join('\n');
}

function section(result: ScenarioResult, charts: readonly ReportChart[]): string {
  const head = `## ${result.title}\n\n${result.about}`;
  if (result.violations.length > 0) {
    const list = result.violations.map((violation) => `- ${violation.replaceAll('\n', '\n  ')}`);
    return `${head}\n\n**Promises broken, so no figures:**\n\n${list.join('\n')}`;
  }
  const alignment = HEAD.map((name) => (TEXT_COLUMNS.has(name) ? '---' : '--:'));
  const table = [HEAD, alignment, ...rowsOf(result)].map((row) => `| ${row.join(' | ')} |`);
  const facts = result.facts.map(([name, value]) => `- ${name}: ${value}`);
  const images = charts
    .filter(({ scenario }) => scenario === result.name)
    .map(({ title, file }) => `![${title}](${file})`);
  const parts = [head, table.join('\n'), facts.join('\n'), images.join('\n\n')];
  return parts.filter((part) => part !== '').join('\n\n');
}
