import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ServiceProcess, useDatabase } from '../kit/index.js';
import { makeKey } from '../kit/keys.js';
import { alerts, expressions, PROMETHEUS_FOLDER } from './support/deployment.js';
import { hasPrometheus, PrometheusProcess, promtool } from './support/prometheus.js';

const withPrometheus = hasPrometheus ? it : it.skip;

describe('the dashboard', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rowlock-dashboard-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  withPrometheus('contains only expressions that Prometheus accepts', async () => {
    const rules = expressions().map((expression, index) => ({
      record: `test:expression:${index}`,
      expr: expression.replaceAll('$__rate_interval', '1m').replaceAll(/\$\w+/g, 'x'),
    }));
    // JSON is valid YAML.
    writeFileSync(join(folder, 'rules.yml'), JSON.stringify({ groups: [{ name: 'x', rules }] }));
    const checked = await promtool(folder, 'check', 'rules', 'rules.yml');
    expect(checked).toContain(`SUCCESS: ${rules.length} rules found`);
  });
});

describe('the alerts', () => {
  withPrometheus('are valid rules that fire when they should, and only then', async () => {
    expect(await promtool(PROMETHEUS_FOLDER, 'check', 'rules', 'alerts.yml')).toMatch(/SUCCESS/);
    const tested = await promtool(PROMETHEUS_FOLDER, 'test', 'rules', 'alerts.test.yml');
    expect(tested).toMatch(/SUCCESS/);
    const tests = readFileSync(join(PROMETHEUS_FOLDER, 'alerts.test.yml'), 'utf8');
    for (const { name } of alerts()) expect(tests).toContain(`alertname: ${name}\n`);
  });
});

describe('Prometheus with the configuration in deploy/', () => {
  const database = useDatabase();
  const folder = mkdtempSync(join(tmpdir(), 'rowlock-prometheus-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  withPrometheus('scrapes a service that requires API keys, and evaluates the alerts', async () => {
    const service = await ServiceProcess.start({ DATABASE_URL: database.url, AUTH_MODE: 'keys' });
    cpSync(PROMETHEUS_FOLDER, folder, { recursive: true });
    const config = readFileSync(join(folder, 'prometheus.yml'), 'utf8');
    const { host } = new URL(service.api.baseUrl);
    const here = config.replace(/targets: .+/, `targets: ['${host}']`).replaceAll('15s', '1s');
    writeFileSync(join(folder, 'prometheus.yml'), here);
    writeFileSync(
      join(folder, 'rowlock.key'),
      await makeKey(database.url, 'Operations', ['metrics:read']),
    );
    expect(await promtool(folder, 'check', 'config', 'prometheus.yml')).toMatch(/SUCCESS/);
    const prometheus = await PrometheusProcess.start(folder);
    try {
      const { activeTargets } = await prometheus.get<Targets>(
        'targets',
        (data) => data.activeTargets[0]?.health === 'up',
      );
      expect(activeTargets).toMatchObject([{ health: 'up', lastError: '' }]);
      const { result } = await prometheus.get<Result>(
        'query?query=rowlock_build_info',
        (data) => data.result.length > 0,
      );
      expect(result[0]!.metric).toMatchObject({ job: 'rowlock', instance: host });
      // The first evaluations had no target yet.
      const { groups } = await prometheus.get<Rules>('rules', ({ groups: all }) =>
        all.every(({ rules }) =>
          rules.every(({ health, state }) => health + state === 'okinactive'),
        ),
      );
      expect(groups[0]!.rules).toHaveLength(alerts().length);
    } finally {
      prometheus.stop();
      await service.stop();
    }
  });
});

interface Targets {
  readonly activeTargets: readonly { readonly health: string; readonly lastError: string }[];
}

interface Result {
  readonly result: readonly { readonly metric: Readonly<Record<string, string>> }[];
}

interface Rules {
  readonly groups: readonly {
    readonly rules: readonly { readonly health: string; readonly state: string }[];
  }[];
}
