import type { Check } from '../dto/audit.dto.js';
import { remaining, type SectionRepair } from '../repair/section-repair.js';

const HEAD = ['', 'STORED', 'IN ROWS', ''];

/** Lists every stored number of an event beside what its rows say, and what becomes of it. */
export const reportOf = (repairs: readonly SectionRepair[]): string =>
  repairs.map(sectionReport).join('\n\n');

function sectionReport(repair: SectionRepair): string {
  const { section, before, after } = repair;
  const rows = [HEAD, ...before.map((check, index) => cellsOf(check, after[index]!))];
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const lines = rows.map(([name, kept, counted, change]) =>
    [
      name!.padEnd(widths[0]!),
      kept!.padStart(widths[1]!),
      counted!.padStart(widths[2]!),
      change!,
    ].join('  '),
  );
  return [`Section ${section.id} (${section.name})`, ...lines, ...adviceOn(repair)]
    .map((line) => line.trimEnd())
    .join('\n');
}

const cellsOf = (before: Check, after: Check): string[] => [
  before.name,
  String(before.kept),
  String(before.counted),
  changeOf(before, after),
];

function changeOf(before: Check, after: Check): string {
  const becomes = before.kept === after.kept ? '' : `becomes ${after.kept}`;
  if (!after.agrees) return becomes === '' ? 'still disagrees' : `${becomes}, still disagrees`;
  return becomes === '' && !before.agrees ? `agrees after the repair` : becomes;
}

function adviceOn(repair: SectionRepair): string[] {
  const { overbooked, section } = repair;
  if (overbooked > 0) {
    return [
      `Overbooked by ${overbooked}: the section counts as full, and no booking was or will be removed.`,
      'A place that is cancelled goes to the waitlist or to the next buyer, until the event is repaired again.',
      ...(section.isSeated === 0
        ? ['With --raise-capacity, the capacity becomes what is sold.']
        : []),
    ];
  }
  if (remaining(repair).length === 0) return [];
  return ['Rows disagree with each other. Only you can decide which of them are right.'];
}
