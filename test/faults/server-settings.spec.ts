import { connectTo, ServiceProcess } from '../kit/index.js';
import { Sandbox } from '../embedded/support/harness.js';
import { script } from './support/script.js';
import { serverWith } from './support/server-options.js';

/** In GBK, the last byte of 中 (e4 b8 ad) and the backslash that escapes a quote are one character. */
const BREAKS_GBK = (sql: string): string => `中')); ${sql}; commit; -- `;

const HOSTILE_SETTINGS = [
  // "loose": MySQL 9 no longer has it.
  '--loose-skip-character-set-client-handshake',
  '--character-set-server=gbk',
  '--collation-server=gbk_chinese_ci',
  '--sql-mode=ANSI_QUOTES,NO_BACKSLASH_ESCAPES,PIPES_AS_CONCAT',
  '--autocommit=0',
  '--transaction-isolation=SERIALIZABLE',
  '--default-time-zone=+05:30',
  '--innodb-lock-wait-timeout=1',
];

describe('a server whose settings differ in everything', () => {
  it('is migrated and serves, and no text becomes SQL', async () => {
    await Sandbox.with(async (sandbox) => {
      await (await sandbox.start()).stop();
      const { url } = await sandbox.start(await serverWith(HOSTILE_SETTINGS, sandbox.root));
      expect((await script('migrate', ['up'], url)).code).toBe(0);
      expect((await script('migrate', ['up'], url)).out).toContain('up to date');
      const made = await script(
        'keys',
        ['create', '--organiser', 'Tap', '--name', 'Door', '--scopes', 'bookings:read'],
        url,
      );
      expect(made.code).toBe(0);
      const service = await ServiceProcess.start({ DATABASE_URL: url });
      const eventId = await service.api.open(20);
      const attacks = [
        "update api_keys set scopes = 'admin'",
        'delete from api_keys',
        `update sections set capacity = 999`,
      ].map(BREAKS_GBK);
      const others = ["\u00e9\\' or 1=1 -- ", '\u{1f600}"; drop table users; -- ', "¿' || 'x"];
      for (const identifier of [...attacks, ...others]) {
        expect(await service.api.book(eventId, identifier)).toMatchObject({ status: 201 });
      }
      expect(await service.stop()).toBe(0);
      const connection = await connectTo(url);
      const rowsOf = async (sql: string) => (await connection.query(sql))[0] as { text: string }[];
      const stored = await rowsOf('SELECT identifier AS text FROM users ORDER BY id');
      expect(new Set(stored.map(({ text }) => text))).toEqual(
        new Set([...attacks, ...others].map((text) => text.trim())),
      );
      expect(await rowsOf('SELECT scopes AS text FROM api_keys')).toEqual([
        { text: 'bookings:read' },
      ]);
      expect(await rowsOf('SELECT capacity AS text FROM sections')).toEqual([{ text: 20 }]);
      await connection.end();
    });
  });
});
