import type { Verdict } from './judge.js';

export function verdictLine({ passed, what, bound, value, range }: Verdict): string {
  const rounds = range[0] === range[1] ? '' : `; rounds ${rangeText(range)}`;
  return `${passed ? 'PASS' : 'MISS'}  ${what}: ${valueText(value)} (bar: ${bound}${rounds})`;
}

/** The spread over the rounds; a dash if there was only one. */
export const rangeText = ([lowest, highest]: Verdict['range']): string =>
  lowest === highest ? '–' : `${valueText(lowest)} to ${valueText(highest)}`;

export function valueText(value: number): string {
  if (!Number.isFinite(value)) return 'not measurable';
  if (Number.isInteger(value)) return String(value);
  return value >= 100 ? value.toFixed(0) : value.toFixed(value >= 10 ? 1 : 2);
}
