import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '../../..');

export const PROMETHEUS_FOLDER = join(ROOT, 'deploy/prometheus');

const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

export interface Alert {
  readonly name: string;
  readonly text: string;
}

/** The alerts of alerts.yml, each with its full text. */
export const alerts = (): Alert[] =>
  read('deploy/prometheus/alerts.yml')
    .split(/^ +- alert: /m)
    .slice(1)
    .map((text) => ({ name: text.slice(0, text.indexOf('\n')), text }));

/** Anchors of the headings in docs/operations.md. */
export const anchorsOfOperations = (): string[] =>
  [...read('docs/operations.md').matchAll(/^#+ (.+)$/gm)].map(([, title]) =>
    title!
      .toLowerCase()
      .replaceAll(/[^\w\s-]/g, '')
      .replaceAll(/\s/g, '-'),
  );

/** The PromQL expressions of the dashboard and the alerts. */
export const expressions = (): string[] => [
  ...stringsNamed('expr', JSON.parse(read('deploy/grafana/rowlock.json'))),
  ...alerts().map(({ text }) => /expr: (?:\|-)?([\s\S]+?)\n +(?:for|labels):/.exec(text)![1]!),
];

function stringsNamed(name: string, value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === name && typeof inner === 'string' ? [inner] : stringsNamed(name, inner),
  );
}

/** A metric in an expression. */
export interface Named {
  readonly metric: string;
  /** Labels that its selector names. */
  readonly labels: readonly string[];
}

const OURS = /\b((?:rowlock|process|nodejs)_\w+)\s*(?:\{((?:[^}"]|"[^"]*")*)\})?/g;

export const metricsIn = (expression: string): Named[] =>
  [...expression.matchAll(OURS)].map(([, metric, selector = '']) => ({
    metric: metric!,
    labels: [...selector.matchAll(/(\w+)\s*(?:=~|!~|!=|=)/g)].map(([, label]) => label!),
  }));

/** Labels that an expression keeps with `by (…)`. */
export const labelsKept = (expression: string): string[] =>
  [...expression.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, list]) => list!.split(/,\s*/));
