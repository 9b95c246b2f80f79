import { linearScale, logScale, type Scale, tickText } from './scale.js';

export interface Line {
  readonly name: string;
  /** One value a category; undefined leaves a gap. */
  readonly values: readonly (number | undefined)[];
  /** The one that the chart is about. */
  readonly isMain?: boolean;
  /** What the line is measured against: a bound, or what was asked for. */
  readonly isReference?: boolean;
  /** Which of its values the legend tells; the last, if nothing is said. */
  readonly told?: 'last' | 'highest';
}

export interface LineChart {
  readonly title: string;
  readonly subtitle: string;
  readonly xTitle: string;
  readonly yTitle: string;
  readonly categories: readonly string[];
  readonly lines: readonly Line[];
  readonly yScale: 'linear' | 'log';
}

const WIDTH = 800;
const HEIGHT = 450;
const PLOT = { left: 78, right: 590, top: 76, bottom: 388 };
const LABEL_HEIGHT = 34;
const DOTS_MAX = 30;

/** Okabe and Ito's: told apart by the colour-blind too. */
const MAIN_COLOUR = '#0072B2';
const REFERENCE_COLOUR = '#6b7785';
const COLOURS = ['#D55E00', '#009E73', '#CC79A7', '#E69F00', '#56B4E9'];
const INK = '#1f2933';
const FAINT = '#6b7785';
const GRID = '#e3e7eb';

/** A chart with its values named at the ends of the lines, where the eye is anyway. */
export function lineChart(chart: LineChart): string {
  const values = chart.lines.flatMap(({ values: some }) => some.filter((one) => one !== undefined));
  const max = Math.max(...values);
  const min = Math.min(...values.filter((value) => value > 0));
  const y =
    chart.yScale === 'log'
      ? logScale(min, max, PLOT.bottom, PLOT.top)
      : linearScale(max, PLOT.bottom, PLOT.top);
  const x = categoryPositions(chart.categories.length);
  const ends = spread(chart.lines.map((line) => y.position(lastOf(line))));
  const colours = coloursOf(chart.lines);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img" aria-label="${escape(chart.title)}" font-family="Helvetica, Arial, 'DejaVu Sans', sans-serif">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#ffffff"/>`,
    text(24, 32, chart.title, `font-size="19" font-weight="bold" fill="${INK}"`),
    text(24, 54, chart.subtitle, `font-size="13" fill="${FAINT}"`),
    ...yAxis(chart, y),
    ...xAxis(chart, x),
    ...chart.lines.flatMap((line, index) => drawLine(line, colours[index]!, x, y)),
    ...chart.lines.flatMap((line, index) => {
      const from = { x: x[lastIndexOf(line)]!, y: y.position(lastOf(line)) };
      return endLabel(line, colours[index]!, from, ends[index]!);
    }),
    '</svg>\n',
  ].join('\n');
}

function coloursOf(lines: readonly Line[]): string[] {
  let used = 0;
  return lines.map(({ isMain, isReference }) => {
    if (isMain) return MAIN_COLOUR;
    return isReference ? REFERENCE_COLOUR : COLOURS[used++ % COLOURS.length]!;
  });
}

const lastIndexOf = ({ values }: Line): number =>
  values.findLastIndex((value) => value !== undefined);

const lastOf = ({ values }: Line): number => values.findLast((value) => value !== undefined) ?? 0;

function categoryPositions(count: number): readonly number[] {
  const room = PLOT.right - PLOT.left - 40;
  return Array.from({ length: count }, (_, index) => {
    return PLOT.left + 20 + (count === 1 ? room / 2 : (index / (count - 1)) * room);
  });
}

function yAxis({ yTitle }: LineChart, y: Scale): string[] {
  const middle = (PLOT.top + PLOT.bottom) / 2;
  return [
    ...y.ticks.flatMap((tick) => {
      const at = round(y.position(tick));
      return [
        `<line x1="${PLOT.left}" x2="${PLOT.right}" y1="${at}" y2="${at}" stroke="${GRID}"/>`,
        text(
          PLOT.left - 8,
          at + 4,
          tickText(tick),
          `font-size="12" text-anchor="end" fill="${FAINT}"`,
        ),
      ];
    }),
    text(
      20,
      middle,
      yTitle,
      `font-size="13" text-anchor="middle" fill="${INK}" transform="rotate(-90 20 ${middle})"`,
    ),
  ];
}

function xAxis({ xTitle, categories }: LineChart, x: readonly number[]): string[] {
  // An empty category is a point without a label.
  const labels = categories.flatMap((category, index) => {
    if (category === '') return [];
    const style = `font-size="12" text-anchor="middle" fill="${FAINT}"`;
    return [text(x[index]!, PLOT.bottom + 20, category, style)];
  });
  const middle = (PLOT.left + PLOT.right) / 2;
  return [
    `<line x1="${PLOT.left}" x2="${PLOT.right}" y1="${PLOT.bottom}" y2="${PLOT.bottom}" stroke="${FAINT}"/>`,
    ...labels,
    text(middle, PLOT.bottom + 46, xTitle, `font-size="13" text-anchor="middle" fill="${INK}"`),
  ];
}

function drawLine(line: Line, colour: string, x: readonly number[], y: Scale): string[] {
  const points = line.values.flatMap((value, index) => {
    return value === undefined ? [] : [[round(x[index]!), round(y.position(value))] as const];
  });
  const width = line.isMain ? 3.5 : 2;
  const dashes = line.isReference ? ' stroke-dasharray="6 4"' : '';
  const path = points.map((point) => point.join(',')).join(' ');
  const dots = points.map(
    ([cx, cy]) => `<circle cx="${cx}" cy="${cy}" r="${line.isMain ? 4.5 : 3}" fill="${colour}"/>`,
  );
  return [
    `<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="${width}" stroke-linejoin="round"${dashes}/>`,
    ...(points.length > DOTS_MAX || line.isReference ? [] : dots),
  ];
}

/** The legend: the name of a line and a value of it, beside its end and tied to it. */
function endLabel(
  line: Line,
  colour: string,
  from: { readonly x: number; readonly y: number },
  at: number,
): string[] {
  const left = PLOT.right + 14;
  const weight = line.isMain ? ' font-weight="bold"' : '';
  const highest = Math.max(...line.values.map((value) => value ?? 0));
  const value = tickText(significant(line.told === 'highest' ? highest : lastOf(line)));
  const told = line.told === 'highest' ? `highest ${value}` : value;
  return [
    `<line x1="${round(from.x + 6)}" y1="${round(from.y)}" x2="${left - 4}" y2="${round(at)}" stroke="${colour}" stroke-width="1" opacity="0.6"/>`,
    text(left, at, line.name, `font-size="12.5" fill="${colour}"${weight}`),
    text(left, at + 14, told, `font-size="12" fill="${FAINT}"`),
  ];
}

/** Moves labels apart that would stand on each other, keeping their order. */
function spread(wished: readonly number[]): number[] {
  const order = wished.map((_, index) => index).sort((a, b) => wished[a]! - wished[b]!);
  const at = [...wished];
  let top = PLOT.top - LABEL_HEIGHT;
  for (const index of order) {
    at[index] = Math.max(at[index]!, top + LABEL_HEIGHT);
    top = at[index]!;
  }
  let bottom = PLOT.bottom + LABEL_HEIGHT;
  for (const index of order.toReversed()) {
    at[index] = Math.min(at[index]!, bottom - LABEL_HEIGHT);
    bottom = at[index]!;
  }
  return at;
}

const significant = (value: number): number => Number(value.toPrecision(value >= 1000 ? 4 : 3));
const round = (value: number): number => Math.round(value * 10) / 10;

const escape = (plain: string): string =>
  plain.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

const text = (x: number, y: number, content: string, attributes: string): string =>
  `<text x="${round(x)}" y="${round(y)}" ${attributes}>${escape(content)}</text>`;
