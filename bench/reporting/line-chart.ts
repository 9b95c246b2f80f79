import type { Config, TopLevelSpec } from 'vega-lite';

export interface Point {
  readonly x: string | number;
  readonly y: number;
}

/** Which values are printed beside their points. */
export type Labels = 'all' | 'highest';

export interface Series {
  readonly name: string;
  readonly points: readonly Point[];
  /** The system under test gets a thicker line. */
  readonly isMain?: boolean;
  /** A limit or a target: a dashed grey line. */
  readonly isReference?: boolean;
  readonly labels?: Labels;
}

export interface LineChart {
  readonly title: string;
  readonly subtitle: string;
  readonly xTitle: string;
  readonly yTitle: string;
  /** Categories are spaced evenly, numbers to scale. */
  readonly xType: 'ordinal' | 'quantitative';
  readonly yScale: 'linear' | 'log';
  /** Labels stand above their points, or below if a line above would cross them. */
  readonly labelSide?: 'above' | 'below';
  readonly series: readonly Series[];
}

/** Okabe and Ito's palette, which colour-blind readers can tell apart. */
const COLOURS = ['#0072B2', '#D55E00', '#009E73', '#CC79A7', '#E69F00'];
const SHAPES = ['circle', 'square', 'triangle-up', 'diamond', 'triangle-down'];
const REFERENCE_COLOUR = '#6b7785';
const INK = '#1f2933';
const GRID = '#e3e7eb';
const MARKED_POINTS_MAX = 30;
const POWERS_OF_TEN = Array.from({ length: 13 }, (_, index) => 10 ** (index - 6));

const CONFIG: Config = {
  aria: false,
  // An opaque background: the page around the chart may be dark.
  background: '#ffffff',
  font: "Helvetica, Arial, 'DejaVu Sans', sans-serif",
  view: { stroke: null },
  title: { anchor: 'start', fontSize: 18, subtitleFontSize: 13, color: INK, subtitleColor: INK },
  axis: { labelFontSize: 12, titleFontSize: 13, titleFontWeight: 'normal', gridColor: GRID },
  axisX: { grid: false, labelAngle: 0, labelFlush: false, titlePadding: 10 },
  legend: { labelFontSize: 13, labelLimit: 0, symbolSize: 90, symbolStrokeWidth: 2.5 },
};

/** @returns an SVG image; neither a DOM nor a canvas is needed */
export async function renderSvg(chart: LineChart): Promise<string> {
  // `require` cannot load Vega, which uses top-level await.
  const [{ parse, View }, { compile }] = await Promise.all([import('vega'), import('vega-lite')]);
  const view = new View(parse(compile(specOf(chart)).spec), { renderer: 'none' });
  return `${await view.toSVG()}\n`;
}

function specOf({
  title,
  subtitle,
  series,
  labelSide = 'above',
  ...axes
}: LineChart): TopLevelSpec {
  const { color, shape, strokeDash } = appearanceOf(series);
  const rows = series.flatMap(rowsOf);
  return {
    width: 560,
    height: 320,
    padding: 20,
    config: CONFIG,
    title: { text: title, subtitle, offset: 18 },
    // A logarithmic axis has no place for 0.
    data: { values: rows.filter(({ y }) => axes.yScale === 'linear' || y > 0) },
    encoding: { ...positionsOf(axes), color },
    layer: [
      {
        mark: { type: 'line', clip: true },
        encoding: { strokeDash, strokeWidth: thickIfMain(3.5, 2) },
      },
      {
        transform: [{ filter: 'datum.isMarked' }],
        mark: { type: 'point', filled: true, opacity: 1 },
        encoding: { shape, size: thickIfMain(90, 60) },
      },
      {
        transform: [{ filter: 'isValid(datum.label)' }],
        mark: {
          type: 'text',
          dy: labelSide === 'above' ? -13 : 17,
          fontSize: 12,
          fontWeight: 'bold',
        },
        encoding: { text: { field: 'label', type: 'nominal' } },
      },
    ],
  };
}

function rowsOf({ name, points, labels, isMain = false, isReference = false }: Series) {
  const highest = Math.max(...points.map(({ y }) => y));
  const isMarked = !isReference && points.length <= MARKED_POINTS_MAX;
  const firstHighest = points.findIndex(({ y }) => y === highest);
  return points.map(({ x, y }, index) => {
    const isLabelled = labels === 'all' || (labels === 'highest' && index === firstHighest);
    return { name, x, y, isMain, isMarked, ...(isLabelled && { label: labelOf(y) }) };
  });
}

type Axes = Pick<LineChart, 'xTitle' | 'yTitle' | 'xType' | 'yScale'>;

function positionsOf({ xTitle, yTitle, xType, yScale }: Axes) {
  return {
    x: { field: 'x', type: xType, title: xTitle, sort: null },
    y: {
      field: 'y',
      type: 'quantitative',
      title: yTitle,
      scale: { type: yScale, nice: true },
      // A logarithmic axis is labelled at the powers of ten only: more labels would overlap.
      axis: { format: ',~r', tickCount: 6, ...(yScale === 'log' && { values: POWERS_OF_TEN }) },
    },
  } as const;
}

/** Colour, shape and dashes share one legend, so a series can be told apart in black and white too. */
function appearanceOf(series: readonly Series[]) {
  const domain = series.map(({ name }) => name);
  const look = (index: number, looks: readonly string[], reference: string): string =>
    series[index]!.isReference ? reference : looks[index]!;
  const byName = (range: readonly (string | number[])[]) => ({
    field: 'name',
    type: 'nominal' as const,
    legend: { title: null },
    scale: { domain, range: [...range] as never },
  });
  return {
    color: byName(series.map((_, index) => look(index, COLOURS, REFERENCE_COLOUR))),
    shape: byName(series.map((_, index) => look(index, SHAPES, 'stroke'))),
    strokeDash: byName(series.map(({ isReference }) => (isReference ? [6, 4] : [1, 0]))),
  };
}

const thickIfMain = (main: number, other: number) => ({
  condition: { test: 'datum.isMain', value: main },
  value: other,
});

const labelOf = (value: number): string =>
  value >= 100 ? Math.round(value).toLocaleString('en-GB') : value.toFixed(1);
