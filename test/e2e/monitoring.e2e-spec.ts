import request from 'supertest';
import { useApp, useDatabase } from '../kit/index.js';
import {
  alerts,
  anchorsOfOperations,
  expressions,
  labelsKept,
  metricsIn,
} from './support/deployment.js';
import { type Sample, samplesIn } from './support/samples.js';

/** Labels that Prometheus adds to every sample. */
const LABELS_OF_TARGETS = ['job', 'instance'];

describe('the metrics used in deploy/', () => {
  const app = useApp(useDatabase(), { REDIS_URL: 'redis://127.0.0.1:1' });
  let samples: readonly Sample[];

  beforeAll(async () => {
    const post = (path: string, body: object) => request(app.server).post(path).send(body);
    const { id: eventId } = (await post('/initialize', { name: 'Opera', totalTickets: 1 })).body;
    await post('/book', { eventId, identifier: 'ann' });
    // Adds a retry, because no transaction of this service needed one.
    const { TransactionRunner } = await import('../../src/platform/database/index.js');
    app.nest.get(TransactionRunner).counts.retries.set('1213', 1);
    samples = samplesIn((await request(app.server).get('/metrics')).text);
  });

  const named = () => expressions().flatMap((expression) => metricsIn(expression));

  it('are found: over 25 metrics in over 40 expressions', () => {
    expect(expressions().length).toBeGreaterThan(40);
    expect(new Set(named().map(({ metric }) => metric)).size).toBeGreaterThan(25);
  });

  it('exist, with every label that a selector names', () => {
    for (const { metric, labels } of named()) {
      const own = samples.filter(({ name }) => name === metric);
      expect([metric, own.length > 0]).toEqual([metric, true]);
      const known = new Set([
        ...LABELS_OF_TARGETS,
        ...own.flatMap((one) => Object.keys(one.labels)),
      ]);
      expect([metric, labels.filter((label) => !known.has(label))]).toEqual([metric, []]);
    }
  });

  it('have every label that an expression groups by', () => {
    for (const expression of expressions()) {
      const names = metricsIn(expression).map(({ metric }) => metric);
      const own = samples.filter(({ name }) => names.includes(name));
      const known = new Set([
        ...LABELS_OF_TARGETS,
        ...own.flatMap((one) => Object.keys(one.labels)),
      ]);
      const unknown = labelsKept(expression).filter((label) => !known.has(label));
      expect([expression, unknown]).toEqual([expression, []]);
    }
  });

  it('include every metric of the service', () => {
    const asked = new Set(
      named().map(({ metric }) => metric.replace(/_(?:bucket|sum|count)$/, '')),
    );
    const ours = samples.map(({ name }) => name.replace(/_(?:bucket|sum|count)$/, ''));
    const unasked = new Set(ours.filter((name) => name.startsWith('rowlock') && !asked.has(name)));
    expect([...unasked]).toEqual([]);
  });
});

describe('the alerts', () => {
  it.each(alerts().map(({ name, text }) => [name, text]))(
    '%s has a severity, a summary and a runbook in docs/operations.md',
    (name, text) => {
      expect(text).toMatch(/severity: (?:critical|warning)/);
      expect(text).toMatch(/summary: \S/);
      expect(text).toMatch(/description: \S/);
      expect(text).toContain(`runbook: docs/operations.md#${name.toLowerCase()}`);
      expect(anchorsOfOperations()).toContain(name.toLowerCase());
    },
  );
});
