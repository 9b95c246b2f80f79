import request from 'supertest';
import { type Scope, SCOPES } from '../../src/platform/common/index.js';
import { useApp, useDatabase } from '../kit/index.js';
import { makeKey } from '../kit/keys.js';
import { routesOf } from './support/routes.js';
import { spellingsOf } from './support/spellings.js';

const REFUSED = [400, 401, 403, 404];
const NOBODYS = '01939c5e-0000-7000-8000-000000000000';

describe('access with API keys', () => {
  const database = useDatabase();
  const app = useApp(database, { AUTH_MODE: 'keys', RATE_LIMIT_WRONG_KEYS_PER_MINUTE: '100000' });
  const keys: Partial<Record<'own' | 'other', string>> = {};

  const send = (method: string, path: string, key?: string) => {
    const asked = request(app.server)[method.toLowerCase() as 'get'](path);
    return key === undefined ? asked : asked.set('Authorization', `Bearer ${key}`);
  };

  beforeAll(async () => {
    keys.own = await makeKey(database.url, 'Theatre');
    keys.other = await makeKey(database.url, 'Cinema');
  });

  const routes = () => routesOf(app.nest);

  it('every route declares the access it requires', () => {
    expect(routes().length).toBeGreaterThan(25);
    expect(routes().filter(({ access }) => access === undefined)).toEqual([]);
  });

  it('only the status, health and documentation routes are public', () => {
    const open = routes().filter(({ access }) => access === 'public');
    expect(open.map(({ path }) => path).toSorted()).toEqual([
      '/',
      '/docs',
      '/docs/:file',
      '/docs/start.js',
      '/health',
      '/health/live',
      '/health/ready',
      '/openapi.json',
      '/status/:eventId',
      '/v1/events/:id/status',
    ]);
  });

  it.each([
    ['no key', undefined],
    ['a malformed key', 'open-sesame'],
    ['an unknown key', `rlk_${'a'.repeat(12)}_${'b'.repeat(43)}`],
  ])('every other route answers 401 to %s', async (_, key) => {
    for (const { method, path, access } of routes()) {
      if (access === 'public') continue;
      const { status, body, headers } = await send(method, path.replaceAll(/:\w+/g, NOBODYS), key);
      expect([method, path, status]).toEqual([method, path, 401]);
      expect(body.code).toBe(key === undefined ? 'key_required' : 'key_invalid');
      expect(headers['www-authenticate']).toBe('Bearer');
    }
  });

  it('every route with a scope answers 403 to a key without it', async () => {
    for (const { method, path, access } of routes()) {
      if (access === 'public' || access === 'key') continue;
      const rest = SCOPES.filter((scope) => scope !== access);
      const key = await lesserKey(rest);
      const { status, body } = await send(method, path.replaceAll(/:\w+/g, NOBODYS), key);
      expect([method, path, status]).toEqual([method, path, 403]);
      expect(body).toMatchObject({ code: 'scope_missing', scope: access });
    }
  });

  const lesserKeys = new Map<string, Promise<string>>();
  function lesserKey(scopes: readonly Scope[]): Promise<string> {
    const name = scopes.join();
    if (!lesserKeys.has(name)) lesserKeys.set(name, makeKey(database.url, 'Theatre', scopes));
    return lesserKeys.get(name)!;
  }

  it.each([
    ['no key', () => Promise.resolve(undefined)],
    [
      'a key without the scope',
      (scope: string) => lesserKey(SCOPES.filter((one) => one !== scope)),
    ],
  ])('no spelling of a path gets around its access check: %s', async (_, keyWithout) => {
    for (const { method, path, access } of routes()) {
      if (access === undefined || access === 'public') continue;
      const key = await keyWithout(access);
      // These routes accept any key, whatever its scopes.
      if (key !== undefined && access === 'key') continue;
      for (const spelling of spellingsOf(path.replaceAll(/:\w+/g, NOBODYS))) {
        for (const way of [method, 'OPTIONS', ...(method === 'GET' ? ['HEAD'] : [])]) {
          const { status } = await send(way, spelling, key);
          expect([way, spelling, REFUSED.includes(status)]).toEqual([way, spelling, true]);
        }
      }
    }
  });

  it('a revoked or expired key is refused with 401', async () => {
    const expired = await makeKey(database.url, 'Theatre', SCOPES, new Date(Date.now() - 1));
    expect((await send('GET', '/v1/events', expired)).status).toBe(401);
    const revoked = await makeKey(database.url, 'Theatre');
    await database.query('UPDATE api_keys SET revoked_at = ? WHERE id = ?', [
      new Date(),
      revoked.split('_')[1],
    ]);
    expect((await send('GET', '/v1/events', revoked)).status).toBe(401);
  });
});
