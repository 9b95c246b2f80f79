import { join } from 'node:path';
import request from 'supertest';
import { main } from '../../src/access/cli/index.js';
import { useApp, useDatabase } from '../kit/index.js';
import { type End, endOf } from './support/layout.js';

const SCRIPT = join(__dirname, '../../scripts/keys.mjs');
const SECONDS = 60_000;

/** Runs `npm run keys -- …` as users do. */
describe('npm run keys', () => {
  const database = useDatabase();
  const app = useApp(database, { AUTH_MODE: 'keys' });

  const keys = (...args: string[]): Promise<End> =>
    endOf(SCRIPT, args, { PATH: process.env['PATH'], DATABASE_URL: database.url });

  const piped = (input: string, ...args: string[]): Promise<End> =>
    endOf(SCRIPT, args, { PATH: process.env['PATH'], DATABASE_URL: database.url }, input);

  const eventsWith = (key: string) =>
    request(app.server).get('/v1/events').set('Authorization', `Bearer ${key}`);

  it(
    'creates a key limited to its scopes, lists it without its secret and revokes it',
    async () => {
      const wish = ['--organiser', 'Theatre', '--name', 'web shop', '--scopes', 'bookings:write'];
      const made = await keys('create', ...wish, '--expires', '90d');
      expect(made.code).toBe(0);
      const key = made.out.trim();
      await eventsWith(key).expect(200);
      const opening = request(app.server).post('/initialize').set('Authorization', `Bearer ${key}`);
      await opening.send({ name: 'Gala', totalTickets: 1 }).expect(403);

      const [, id, secret] = key.split('_') as [string, string, string];
      const listed = await keys('list');
      expect(listed.out).toMatch(new RegExp(`${id} +Theatre +web shop +bookings:write .*live`));
      expect(listed.out).not.toContain(secret);
      expect(JSON.stringify(await database.query('SELECT * FROM api_keys'))).not.toContain(secret);

      expect(await keys('revoke', id)).toMatchObject({
        code: 0,
        out: `Key ${id} revoked.\n`,
      });
      expect((await keys('list')).out).toMatch(new RegExp(`${id} .*revoked`));
      expect((await keys('revoke', id)).complaint).toContain('is already revoked');
      await new Promise((resolve) => setTimeout(resolve, 5_100));
      await eventsWith(key).expect(401);
    },
    SECONDS,
  );

  it('writes only the key to stdout, and its details to stderr', async () => {
    const create = (): Promise<End> =>
      keys('create', '--organiser', 'Zoo', '--name', 'till', '--scopes', 'bookings:read');
    const [first, second] = [await create(), await create()];
    expect(first.out).toMatch(/^rlk_[\w-]{12}_[\w-]{43}\n$/);
    const [, id, secret] = first.out.trim().split('_') as [string, string, string];
    for (const part of [id, 'till', 'Zoo (new)', 'bookings:read', 'never', 'shown only once'])
      expect(first.complaint).toContain(part);
    expect(first.complaint).not.toContain(secret);
    expect(second.complaint).toContain('Zoo (existing)');
  });

  it('grants every scope except metrics:read with --scopes all', async () => {
    const { out } = await keys('create', '--organiser', 'Zoo', '--name', 'all', '--scopes', 'all');
    const id = out.split('_')[1]!;
    const [row] = await database.query('SELECT scopes FROM api_keys WHERE id = ?', [id]);
    expect(row).toEqual({
      scopes: 'events:write bookings:write bookings:read waitlist:read webhooks:write',
    });
    expect((await keys('--help')).out).toMatch(/"all"[^]*except metrics:read/);
  });

  it('shows the expiry of a key to the minute', async () => {
    const day = `${new Date().getUTCFullYear() + 1}-01-31`;
    const made = await create('Zoo', '--expires', day);
    expect(made.complaint).toContain(`${day} 23:59 UTC`);
    expect((await keys('list')).out).toMatch(new RegExp(`${idOf(made)} .*${day} 23:59`));
  });

  it('revokes a key that is given in full on standard input, without showing its secret', async () => {
    const made = await create('Zoo');
    const [key, secret] = [made.out.trim(), made.out.trim().split('_')[2]!];
    const damaged = await piped(`${key}x\n`, 'revoke', '-');
    expect(damaged.code).toBe(2);
    const revoked = await piped(`${key}\n`, 'revoke', '-');
    expect(revoked).toMatchObject({ code: 0, out: `Key ${idOf(made)} revoked.\n` });
    const again = await piped(idOf(made), 'revoke', '-');
    expect(again).toMatchObject({ code: 1, out: '' });
    expect(JSON.stringify([damaged, revoked, again])).not.toContain(secret);
  });

  it('needs no secret on the command line, and refuses one there', async () => {
    const made = await create('Zoo');
    const { code, complaint } = await refused(['revoke', made.out.trim()]);
    expect(code).toBe(2);
    expect(complaint).toContain(`revoke takes the id of the key, ${idOf(made)}.`);
    expect(complaint).not.toContain(made.out.trim().split('_')[2]);
    await eventsWith(made.out.trim()).expect(200);
  });

  it('refuses to create an organiser whose name differs only in case', async () => {
    await create('Bärenhöhle');
    const { code, out, complaint } = await create('BÄRENHÖHLE');
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(complaint).toContain('Organiser "Bärenhöhle" already exists');
    expect(await database.query("SELECT 1 FROM organisers WHERE name = 'BÄRENHÖHLE'")).toEqual([]);
    expect(await create('Bärenhöhle')).toMatchObject({ code: 0 });
  });

  const create = (organiser: string, ...more: string[]): Promise<End> =>
    keys('create', '--organiser', organiser, '--name', 'y', '--scopes', 'bookings:read', ...more);

  const idOf = ({ out }: End): string => out.split('_')[1]!;

  it('prints its usage with --help', async () => {
    const { code, out } = await keys('--help');
    expect(code).toBe(0);
    expect(out).toMatch(/^Usage: npm run keys/);
  });

  /** Runs the command in this process, which saves a second; refused commands change nothing. */
  async function refused(args: readonly string[]): Promise<End> {
    const [out, complaint] = [
      jest.spyOn(process.stdout, 'write').mockReturnValue(true),
      jest.spyOn(process.stderr, 'write').mockReturnValue(true),
    ];
    try {
      const code = await main(args);
      const said = ({ mock }: jest.SpyInstance) => mock.calls.map(([text]) => text).join('');
      return { code, out: said(out), complaint: said(complaint) };
    } finally {
      jest.restoreAllMocks();
    }
  }

  it('ends with exit code 2 if its arguments are wrong', async () => {
    const { code, out, complaint } = await keys('frobnicate');
    expect([code, out]).toEqual([2, '']);
    expect(complaint).toMatch(/create, list, revoke or adopt\.\n\nUsage:/);
  });

  const ORGANISER = ['create', '--organiser', 'x'];
  const NAMED = [...ORGANISER, '--name', 'y'];
  const WHOLE = [...NAMED, '--scopes', 'all'];

  it.each([
    [['frobnicate'], /create, list, revoke or adopt\.\n\nUsage:/],
    [[], /create, list, revoke or adopt\.\n\nUsage:/],
    [NAMED, /^--scopes is required\. .*bookings:write.*or all\.$/m],
    [[...WHOLE, '--colour', 'red'], /colour/],
    [[...NAMED, '--scopes', 'events:eat'], /Unknown scope: events:eat/],
    [[...WHOLE, '--expires', 'soon'], /2027-01-31/],
    [[...WHOLE, '--name', 'z'], /^--name was given more than once\.$/m],
    [[...ORGANISER, '--scopes', 'all'], /^--name is required/],
    [[...NAMED.slice(0, 3), '--scopes', 'all', '--name', 'x'.repeat(201)], /200 characters/],
    [
      ['create', '--organiser', 'a\u001b[31m', '--name', 'y', '--scopes', 'all'],
      /control characters/,
    ],
    [[...ORGANISER, '--name', 'a\u001b[31m', '--scopes', 'all'], /control characters/],
    [['list', 'extra'], /^list takes no arguments\.$/m],
    [['list', '--json'], /^list takes no arguments\.$/m],
    [['revoke', 'nothing'], /^revoke takes the id of one key\./m],
    [['revoke'], /^revoke takes the id of one key\./m],
    [['revoke', 'abcdefghijkl', 'abcdefghijkm'], /^revoke takes the id of one key\./m],
  ])('explains what is wrong with %p', async (args, hint) => {
    const { code, out, complaint } = await refused(args);
    expect([code, out]).toEqual([2, '']);
    expect(complaint).toMatch(hint);
    expect(complaint).not.toContain('    at ');
    expect(complaint).not.toContain('\u001b');
  });

  it('refuses to revoke a key that does not exist', async () => {
    const { code, out, complaint } = await keys('revoke', 'abcdefghijkl');
    expect([code, out]).toEqual([1, '']);
    expect(complaint).toContain('Key abcdefghijkl does not exist');
  });
});
