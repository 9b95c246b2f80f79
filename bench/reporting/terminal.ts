import type { ScenarioResult } from '../harness/results.js';
import type { Verdict } from './judge.js';
import { HEAD, rowsOf, TEXT_COLUMNS } from './rows.js';
import { verdictLine } from './verdict-text.js';

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((_, column) =>
    Math.max(...[head, ...rows].map((row) => row[column]!.length)),
  );
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => {
        const width = widths[column]!;
        return TEXT_COLUMNS.has(head[column]!) ? cell.padEnd(width) : cell.padStart(width);
      })
      .join('  ')
      .trimEnd();
  const rule = widths.map((width) => '─'.repeat(width)).join('──');
  return [line(head), rule, ...rows.map(line)].join('\n');
}

export function scenarioText(result: ScenarioResult): string {
  const title = `\n${result.title}\n`;
  if (result.violations.length > 0) {
    const list = result.violations.map((violation) => `  ${violation}`).join('\n');
    return `${title}Promises broken, so no figures:\n${list}`;
  }
  const facts = result.facts.map(([name, value]) => `  ${name}: ${value}`);
  return [`${title}${table(HEAD, rowsOf(result))}`, ...facts].join('\n');
}

export const verdictsText = (verdicts: readonly Verdict[]): string =>
  `\n${verdicts.map(verdictLine).join('\n')}\n`;
