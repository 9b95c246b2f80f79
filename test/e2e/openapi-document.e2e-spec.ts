import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { HTTPMethods } from 'fastify';
import request from 'supertest';
import { OpenApi } from '../../src/platform/openapi/index.js';
import { useApp, useDatabase } from '../kit/index.js';
import { routesOf } from './support/routes.js';

const ROOT = join(__dirname, '../..');
const FILE = join(ROOT, 'docs/openapi.json');
/** Set by `npm run openapi`, which writes the document instead of comparing it. */
const IS_RECORDING = process.env['RECORD_OPENAPI'] === '1';

/** jest cannot load the validator: a child process runs it, with the document as standard input. */
const VALIDATE = `
  import { text } from 'node:stream/consumers';
  import { Validator } from '@seriousme/openapi-schema-validator';
  const validator = new Validator();
  const result = await validator.validate(JSON.parse(await text(process.stdin)));
  console.log(JSON.stringify([validator.version, result]));
`;

async function validate(document: string): Promise<unknown> {
  const args = ['--input-type=module', '--eval', VALIDATE];
  const running = promisify(execFile)(process.execPath, args, { cwd: ROOT, timeout: 30_000 });
  running.child.stdin!.end(document);
  return JSON.parse((await running).stdout);
}

describe('the OpenAPI document', () => {
  const database = useDatabase();
  const app = useApp(database);
  const text = () => app.nest.get(OpenApi).json.toString();

  it('is public', async () => {
    const answer = await request(app.server).get('/openapi.json').expect(200);
    expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(answer.text).toBe(text());
  });

  it('equals docs/openapi.json; if not, run `npm run openapi`', () => {
    if (IS_RECORDING) writeFileSync(FILE, text());
    expect(text()).toBe(readFileSync(FILE, 'utf8'));
  });

  it('is valid OpenAPI 3.1', async () => {
    expect(await validate(text())).toEqual(['3.1', { valid: true }]);
    const broken = text().replace('"operationId"', '"operation"').replace('"3.1.0"', '"3.1"');
    expect(await validate(broken)).not.toEqual(['3.1', { valid: true }]);
  });

  const documentedRoutes = () =>
    Object.entries(app.nest.get(OpenApi).document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );

  it('has routes that the HTTP server knows', () => {
    const fastify = app.nest.getHttpAdapter().getInstance();
    const unknown = documentedRoutes().filter((route) => {
      const [method, path] = route.split(' ') as [HTTPMethods, string];
      return !fastify.hasRoute({ method, url: path.replaceAll(/\{(\w+)\}/g, ':$1') });
    });
    expect(unknown).toEqual([]);
  });

  it('has every route except its own, those of its page, and the metrics', () => {
    const documented = documentedRoutes();
    const unlisted = routesOf(app.nest)
      .map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`)
      .filter((route) => !documented.includes(route));
    expect(unlisted.toSorted((a, b) => (a < b ? -1 : 1))).toEqual([
      'GET /',
      'GET /docs',
      'GET /docs/start.js',
      'GET /docs/{file}',
      'GET /metrics',
      'GET /openapi.json',
    ]);
  });

  it('resolves every reference and uses every component', () => {
    const { components } = app.nest.get(OpenApi).document;
    const names = [...text().matchAll(/"#\/components\/(\w+)\/([\w-]+)"/g)].map(
      ([, section, name]) => `${section}/${name}`,
    );
    const used = new Set(names);
    const defined = Object.entries(components).flatMap(([section, parts]) =>
      section === 'securitySchemes' ? [] : Object.keys(parts).map((name) => `${section}/${name}`),
    );
    expect([...used].filter((name) => !defined.includes(name))).toEqual([]);
    // The responses of unknown routes: no operation has them.
    expect(defined.filter((name) => !used.has(name))).toEqual([
      'schemas/NotFoundProblem',
      'schemas/MethodNotAllowedProblem',
    ]);
  });
});
