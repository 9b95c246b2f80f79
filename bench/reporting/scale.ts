/** Maps values to positions on an axis, with round values to mark on it. */
export interface Scale {
  position(value: number): number;
  readonly ticks: readonly number[];
}

const TICKS_WISHED = 5;

export function linearScale(max: number, from: number, to: number): Scale {
  const rough = Math.max(max, Number.MIN_VALUE) / TICKS_WISHED;
  const magnitude = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((one) => one * magnitude).find((one) => one >= rough)!;
  const top = Math.ceil(max / step) * step;
  return {
    position: (value) => from + (value / top) * (to - from),
    ticks: Array.from({ length: Math.round(top / step) + 1 }, (_, index) => index * step),
  };
}

/** Powers of ten around what there is. */
export function logScale(min: number, max: number, from: number, to: number): Scale {
  const bottom = Math.floor(Math.log10(min));
  const top = Math.max(bottom + 1, Math.ceil(Math.log10(max)));
  return {
    position: (value) => from + ((Math.log10(value) - bottom) / (top - bottom)) * (to - from),
    ticks: Array.from({ length: top - bottom + 1 }, (_, index) => 10 ** (bottom + index)),
  };
}

export function tickText(value: number): string {
  if (value >= 1) return value.toLocaleString('en-GB', { maximumFractionDigits: 1 });
  return String(Number(value.toPrecision(2)));
}
