import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';
import request from 'supertest';
import { useApp, useDatabase } from '../kit/index.js';

const { CHROMIUM = '/usr/bin/chromium', SCREENSHOT } = process.env;

// Needs Chromium (CHROMIUM is its path); without it, these tests are skipped.
const inBrowser = existsSync(CHROMIUM) ? describe : describe.skip;

inBrowser('the API documentation page in a browser', () => {
  const database = useDatabase();
  const app = useApp(database);
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

  it('shows the examples of an operation and can send its request', async () => {
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

  it('sends no request to another host and keeps to its content security policy', () => {
    expect({ foreign, complaints }).toEqual({ foreign: [], complaints: [] });
  });
});
