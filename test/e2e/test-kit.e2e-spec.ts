import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ServiceProcess, useDatabase } from '../kit/index.js';
import { type End, endOf } from './support/layout.js';
import { npm } from './support/npm.js';

const ROOT = join(__dirname, '../..');
const TEST = 'last-seat.test.mjs';
const MINUTES = 60_000;

/** Copies examples/qa out of the repository and uses it as docs/testing.md describes. */
describe('a folder outside the repository that installs the test kit', () => {
  const database = useDatabase();
  const folder = mkdtempSync(join(tmpdir(), 'rowlock-qa-'));
  let service: ServiceProcess;

  beforeAll(async () => {
    cpSync(join(ROOT, 'examples/qa'), folder, { recursive: true });
    const packed = await endOf(join(ROOT, 'scripts/kit.mjs'), [], process.env);
    expect(packed).toMatchObject({ code: 0 });
    const kit = packed.out.trim().split('\n').at(-1)!;
    const install = ['install', '--prefer-offline', '--no-audit', '--no-fund', kit];
    const installed = await npm(folder, install);
    expect(installed).toMatchObject({ code: 0 });
    service = await ServiceProcess.start({ DATABASE_URL: database.url });
  }, 3 * MINUTES);

  afterAll(async () => {
    await service.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const test = (): Promise<End> => {
    return npm(folder, ['test'], {
      ROWLOCK_URL: service.api.baseUrl,
      DATABASE_URL: database.url,
    });
  };

  it('is shown in docs/testing.md as it is', () => {
    const page = readFileSync(join(ROOT, 'docs/testing.md'), 'utf8');
    expect(page).toContain(readFileSync(join(folder, TEST), 'utf8'));
  });

  it('passes its concurrency test', async () => {
    const { code, out } = await test();
    expect(out).toContain('sells ten tickets to ten of fifty callers');
    expect(out).toMatch(/booked: 10/);
    expect(code).toBe(0);
  });

  it('fails its concurrency test if the expectation is wrong', async () => {
    const text = readFileSync(join(folder, TEST), 'utf8');
    writeFileSync(join(folder, TEST), text.replace('{ booked: 10,', '{ booked: 11,'));
    const { code, out } = await test();
    expect(code).toBe(1);
    expect(out).toMatch(/booked: 10[^]*booked: 11|booked: 11[^]*booked: 10/);
  });
});
