import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { useDatabase } from '../kit/index.js';
import { type End, endOf } from './support/layout.js';

const SCRIPT = join(__dirname, '../../scripts/keys.mjs');

describe('the database of npm run keys', () => {
  const database = useDatabase();
  const list = (environment: NodeJS.ProcessEnv): Promise<End> =>
    endOf(SCRIPT, ['list'], { PATH: process.env['PATH'], ...environment });

  it('is never created by the command', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'rowlock-keys-'));
    const DATA_DIR = join(folder, 'data');
    const { code, out, complaint } = await list({ DATA_DIR });
    const isMade = existsSync(DATA_DIR);
    rmSync(folder, { recursive: true, force: true });
    expect({ code, out, isMade }).toEqual({ code: 1, out: '', isMade: false });
    expect(complaint).toMatch(/^keys failed: There is no database in .+\n$/);
    expect(complaint).toContain(`${DATA_DIR}/mysql (DATA_DIR)`);
    expect(complaint).toContain('DATABASE_URL');
  });

  it('is named on stderr, not on stdout', async () => {
    const { code, out, complaint } = await list({ DATABASE_URL: database.url });
    expect(code).toBe(0);
    expect(complaint).toMatch(/^Database: .+\n$/);
    expect(complaint).toContain(`/${database.name}`);
    expect(complaint).not.toContain('root@');
    expect(out).toMatch(/^No keys yet/);
  });

  it('is the only setting that the command reads', async () => {
    const others = { NODE_ENV: 'production', REDIS_URL: 'http://nowhere', PORT: 'none' };
    const { code, out } = await list({ DATABASE_URL: database.url, ...others });
    expect({ code, out }).toEqual({ code: 0, out: expect.any(String) as string });
  });
});
