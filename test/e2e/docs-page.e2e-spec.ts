import request from 'supertest';
import { useApp, useDatabase } from '../kit/index.js';

describe('the API documentation page', () => {
  const database = useDatabase();
  const app = useApp(database);

  it.each([
    ['/docs', 'text/html'],
    ['/docs/start.js', 'text/javascript'],
    ['/docs/swagger-ui.css', 'text/css'],
    ['/docs/swagger-ui-bundle.js', 'text/javascript'],
  ])('is served by the service itself: %s', async (path, type) => {
    const { headers } = await request(app.server).get(path).expect(200);
    expect(headers['content-type']).toBe(`${type}; charset=utf-8`);
    expect(headers['x-content-type-options']).toBe('nosniff');
  });

  it('is found from /, like the document and the health check', async () => {
    const { body } = await request(app.server).get('/').expect(200);
    expect(body).toMatchObject({ name: 'Rowlock', version: expect.any(String) as string });
    for (const path of [body.docs, body.openapi, body.health]) {
      await request(app.server).get(path).expect(200);
    }
  });

  it('refers to no other host', async () => {
    const { text } = await request(app.server).get('/docs');
    expect([...text.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, url]) => url)).toEqual([
      'data:,',
      '/docs/swagger-ui.css',
      '/docs/swagger-ui-bundle.js',
      '/docs/start.js',
    ]);
  });

  it('may run its own scripts only; other answers may run none', async () => {
    const policyOf = async (path: string) =>
      (await request(app.server).get(path)).headers['content-security-policy']!;
    expect(await policyOf('/docs')).toContain("script-src 'self';");
    expect(await policyOf('/docs')).toContain("default-src 'none';");
    for (const path of ['/openapi.json', '/docs/start.js', '/health', '/docs/nothing']) {
      expect(await policyOf(path)).toBe("default-src 'none';frame-ancestors 'none'");
    }
  });

  it.each(['nothing', '..%2fpackage.json', 'constructor', 'index.html'])(
    'answers 404 for any other file: %s',
    async (name) => {
      const { body } = await request(app.server).get(`/docs/${name}`).expect(404);
      expect(body.code).toBe('not_found');
    },
  );
});
