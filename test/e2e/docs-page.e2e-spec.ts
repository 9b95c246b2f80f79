import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';
import request from 'supertest';
import { useApp, useDatabase } from '../kit/index.js';

const { CHROMIUM = '/usr/bin/chromium', SCREENSHOT } = process.env;

describe('the page of the API', () => {
  const database = useDatabase();
  const app = useApp(database);

  it.each([
    ['/docs', 'text/html'],
    ['/docs/start.js', 'text/javascript'],
    ['/docs/swagger-ui.css', 'text/css'],
    ['/docs/swagger-ui-bundle.js', 'text/javascript'],
  ])('is made of files of ours: %s', async (path, type) => {
    const { headers } = await request(app.server).get(path).expect(200);
    expect(headers['content-type']).toBe(`${type}; charset=utf-8`);
    expect(headers['x-content-type-options']).toBe('nosniff');
  });

  it('names nothing that is elsewhere', async () => {
    const { text } = await request(app.server).get('/docs');
    expect([...text.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, url]) => url)).toEqual([
      'data:,',
      '/docs/swagger-ui.css',
      '/docs/swagger-ui-bundle.js',
      '/docs/start.js',
    ]);
  });

  it('may use scripts of ours and no others, and no other answer may', async () => {
    const policyOf = async (path: string) =>
      (await request(app.server).get(path)).headers['content-security-policy']!;
    expect(await policyOf('/docs')).toContain("script-src 'self';");
    expect(await policyOf('/docs')).toContain("default-src 'none';");
    for (const path of ['/openapi.json', '/docs/start.js', '/health', '/docs/nothing']) {
      expect(await policyOf(path)).toBe("default-src 'none';frame-ancestors 'none'");
    }
  });

  it.each(['nothing', '..%2fpackage.json', 'constructor', 'index.html'])(
    'has no other files: %s',
    async (name) => {
      const { body } = await request(app.server).get(`/docs/${name}`).expect(404);
      expect(body.code).toBe('not_found');
    },
  );

  // Where there is no Chromium (CHROMIUM names it) there is nothing to try this with.
  const inBrowser = existsSync(CHROMIUM) ? describe : describe.skip;
  inBrowser('in a browser', () => {
    let browser: Browser;
    let page: Page;
    let origin: string;
    const complaints: string[] = [];
    const foreign: string[] = [];

    beforeAll(async () => {
      const { port } = app.server.address() as { readonly port: number };
      origin = `http://127.0.0.1:${port}`;
      browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
      page = await browser.newPage({ viewport: { width: 1200, height: 1000 } });
      page.on('console', (line) => {
        if (line.type() === 'error') complaints.push(line.text());
      });
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('request', (sent) => {
        const url = sent.url();
        if (!url.startsWith(origin) && !url.startsWith('data:')) foreign.push(url);
      });
      await page.goto(`${origin}/docs`);
      await page.waitForSelector('.opblock');
    });

    afterAll(() => browser.close());

    it('shows every operation', async () => {
      const { paths } = (await request(app.server).get('/openapi.json')).body as {
        readonly paths: Record<string, object>;
      };
      const operations = Object.values(paths).flatMap((path) => Object.keys(path));
      expect(await page.locator('.opblock').count()).toBe(operations.length);
    });

    it('shows an operation with its example, and tries it', async () => {
      await page.locator('#operations-Operations-isAlive .opblock-summary').click();
      await page.locator('#operations-Operations-isAlive .try-out__btn').click();
      await page.locator('#operations-Operations-isAlive .execute').click();
      const answered = page.locator('#operations-Operations-isAlive .live-responses-table');
      await answered.waitFor();
      expect(await answered.innerText()).toContain('"status": "ok"');
      await page.locator('#operations-Bookings-createBooking .opblock-summary').click();
      const shown = page.locator('#operations-Bookings-createBooking');
      await shown.locator('.responses-table').waitFor();
      expect(await shown.innerText()).toContain('Two chosen seats');
      if (SCREENSHOT !== undefined) await page.screenshot({ path: SCREENSHOT, fullPage: false });
    });

    it('asks nobody else, and breaks no rule of its policy', () => {
      expect({ foreign, complaints }).toEqual({ foreign: [], complaints: [] });
    });
  });
});
