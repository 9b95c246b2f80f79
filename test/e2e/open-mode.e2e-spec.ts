import { type AddressInfo, connect } from 'node:net';
import request from 'supertest';
import { useApp, useDatabase } from '../kit/index.js';
import { Scenes } from './support/scenes.js';
import { routesOf } from './support/routes.js';

const NOBODYS = '01939c5e-0000-7000-8000-000000000000';

describe('open mode', () => {
  const database = useDatabase();
  const app = useApp(database, {
    AUTH_MODE: 'open',
    HOST: 'rowlock.lan',
    ALLOWED_HOSTS: 'shop.internal, 10.0.0.5',
  });
  const { open, get } = new Scenes(app);

  const status = (path: string, headers: Record<string, string>) =>
    request(app.server).get(path).set(headers);
  const initialize = (headers: Record<string, string>) =>
    request(app.server).post('/initialize').set(headers).send({ name: 'Gala', totalTickets: 1 });

  describe('answers only to hosts that are its own', () => {
    it.each([
      'localhost',
      'localhost:3000',
      'LocalHost:3000',
      'localhost.:3000',
      '127.0.0.1:3000',
      '127.9.9.9',
      '2130706433:3000',
      '[::1]:3000',
      '[0:0:0:0:0:0:0:1]',
      '[::ffff:127.0.0.1]:3000',
      'rowlock.lan:3000',
      'SHOP.internal.',
      '10.0.0.5:80',
    ])('serves Host: %s', async (Host) => {
      await initialize({ Host }).expect(201);
    });

    it.each([
      'evil.example',
      'evil.example:3000',
      'localhost.evil.example',
      '127.0.0.1.evil.example',
      'evil.example@localhost',
      'localhost/evil.example',
      'localhost#evil.example',
      'app.localhost',
      'notlocalhost',
      '10.0.0.6',
      '168430086',
      '0.0.0.0:3000',
      '[::]:3000',
      '[fe80::1%25lo]:3000',
      '[::ffff:10.0.0.6]',
      'localhost:99999',
      'xn--',
      '',
    ])('refuses Host: %s', async (Host) => {
      const { body } = await initialize({ Host }).expect(403);
      expect(body).toMatchObject({ code: 'host_not_allowed', status: 403 });
    });

    it('refuses a foreign host on every route except the health checks', async () => {
      for (const { method, path } of routesOf(app.nest)) {
        const sent = request(app.server)[method.toLowerCase() as 'get'](
          path.replaceAll(/:\w+/g, NOBODYS),
        );
        const answer = await sent.set('Host', 'evil.example');
        const expected = path.startsWith('/health') ? 200 : 403;
        expect([method, path, answer.status]).toEqual([method, path, expected]);
      }
      await status('/nothing/here', { Host: 'evil.example' }).expect(403);
      await status('/%68ealth/../status/x', { Host: 'evil.example' }).expect(403);
    });

    /** Sends these bytes, and returns the status code. */
    const say = (bytes: string): Promise<string> => {
      const { port } = app.server.address() as AddressInfo;
      return new Promise((resolve, reject) => {
        const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
        socket.once('data', (chunk) => {
          resolve(chunk.toString().split(' ')[1]!);
          socket.destroy();
        });
        socket.on('error', reject);
      });
    };

    it.each([
      ['http://localhost/docs', 'localhost', '200'],
      ['http://evil.example/docs', 'localhost', '403'],
      ['HTTP://localhost@evil.example/docs', 'localhost', '403'],
      ['http://localhost/docs', 'evil.example', '403'],
    ])('looks at the host of the target %s as well, with Host: %s', async (target, host, code) => {
      expect(await say(`GET ${target} HTTP/1.1\r\nHost: ${host}\r\n\r\n`)).toBe(code);
    });

    it('serves HTTP/1.0 without Host, which no browser sends', async () => {
      expect(await say('GET /docs HTTP/1.0\r\n\r\n')).toBe('200');
    });
  });

  describe('refuses changes that a page of another origin asks for', () => {
    it.each<[string, Record<string, string>]>([
      ['a foreign origin', { Origin: 'http://evil.example' }],
      ['an origin on another port', { Host: 'localhost:3000', Origin: 'http://localhost:8000' }],
      ['an origin beside port 80', { Host: 'localhost:80', Origin: 'http://localhost:8000' }],
      ['a page without an origin', { Origin: 'null' }],
      ['two origins', { Origin: 'http://localhost:3000, http://evil.example' }],
      ['an empty origin', { Origin: '' }],
      ['an extension with the name of the host', { Origin: 'chrome-extension://localhost' }],
      ['an allowed host that is not the one asked', { Origin: 'http://shop.internal' }],
      ['another site', { 'Sec-Fetch-Site': 'cross-site' }],
      ['another origin of the same site', { 'Sec-Fetch-Site': 'same-site' }],
      ['a site in unknown words', { 'Sec-Fetch-Site': 'own' }],
    ])('%s', async (_, headers) => {
      const eventId = await open(1);
      const before = await get(`/v1/events/${eventId}`);
      const path = `/v1/events/${eventId}`;
      const sent = [
        request(app.server).post(`${path}/cancel`),
        request(app.server).patch(path).send({ name: 'Gala' }),
        request(app.server).post('/book').send({ eventId, identifier: 'ann' }),
        request(app.server).delete(`/v1/holds/${NOBODYS}`),
        request(app.server).put('/book'),
      ];
      for (const one of sent) {
        const { body } = await one.set({ Host: 'localhost', ...headers }).expect(403);
        expect(body.code).toBe('cross_origin_request');
      }
      expect(await get(`/v1/events/${eventId}`)).toEqual(before);
    });

    it.each<[string, Record<string, string>]>([
      ['programs', {}],
      ['the documentation page', { Host: 'localhost:3000', Origin: 'http://localhost:3000' }],
      ['a page at the default port', { Host: 'localhost', Origin: 'http://localhost' }],
      ['an origin in lower case', { Host: 'LOCALHOST:3000', Origin: 'http://localhost:3000' }],
      ['a proxy that drops the port', { Host: 'localhost', Origin: 'https://localhost:8443' }],
      ['a proxy that names port 80', { Host: 'localhost:80', Origin: 'http://localhost' }],
      ['a proxy that names port 443', { Host: 'localhost:443', Origin: 'https://localhost' }],
      ['an IPv6 address', { Host: '[::1]:3000', Origin: 'http://[::1]:3000' }],
      ['its own origin', { 'Sec-Fetch-Site': 'same-origin' }],
      ['the user', { 'Sec-Fetch-Site': 'none' }],
    ])('but not those of %s', async (_, headers) => {
      await initialize({ Host: 'localhost', ...headers }).expect(201);
    });

    it('and lets any page link to what it shows', async () => {
      await status('/docs', { 'Sec-Fetch-Site': 'cross-site' }).expect(200);
    });
  });
});

describe('with API keys, which no browser adds by itself', () => {
  const app = useApp(useDatabase(), { AUTH_MODE: 'keys', ALLOWED_HOSTS: 'shop.internal' });

  it('any Host and Origin is served', async () => {
    const headers = { Host: 'tickets.example', Origin: 'https://shop.example' };
    await request(app.server).get('/openapi.json').set(headers).expect(200);
    const { body } = await request(app.server).post('/book').set(headers).expect(401);
    expect(body.code).toBe('key_required');
  });
});
