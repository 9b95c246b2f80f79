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

  const tryOut = async (operation: string): Promise<string> => {
    const block = page.locator(`#operations-${operation}`);
    if ((await block.locator('.try-out__btn').count()) === 0) {
      await block.locator('.opblock-summary').click();
    }
    await block.locator('.try-out__btn').click();
    await block.locator('.execute').click();
    const answered = block.locator('.live-responses-table .response-col_status').last();
    await answered.waitFor();
    return (await answered.innerText()).trim();
  };

  it('shows the refusals of an operation as lines that open at a click', async () => {
    const block = page.locator('#operations-Bookings-createBooking');
    const { height } = (await block.boundingBox())!;
    expect(height).toBeLessThan(3_500);
    const refusal = block.locator('.refusal').filter({ hasText: 'sold_out' }).first();
    await refusal.locator('summary').click();
    expect((await block.boundingBox())!.height).toBeGreaterThan(height + 100);
  });

  it('creates an event first, and then books at it', async () => {
    const first = page.locator('.opblock').first();
    expect(await first.locator('.opblock-summary-path').innerText()).toContain('/initialize');
    const id = (await first.getAttribute('id'))!.replace('operations-', '');
    expect(await tryOut(id)).toContain('201');
    const book = page.locator('.opblock').filter({ hasText: '/book' }).nth(0);
    const bookId = (await book.getAttribute('id'))!.replace('operations-', '');
    expect(await tryOut(bookId)).toContain('201');
  });

  it('books at an event that exists, when it is opened again', async () => {
    await page.goto(`${origin}/docs`);
    await page.waitForSelector('.opblock');
    const book = page.locator('.opblock').filter({ hasText: '/book' }).nth(0);
    const bookId = (await book.getAttribute('id'))!.replace('operations-', '');
    expect(await tryOut(bookId)).toContain('201');
  });

  it('sends no request to another host and keeps to its content security policy', () => {
    expect({ foreign, complaints }).toEqual({ foreign: [], complaints: [] });
  });
});
