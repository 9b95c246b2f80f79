import { type Answer, type Api, assertInvariants, ServiceProcess } from '../kit/index.js';
import { eventually } from '../kit/eventually.js';
import { makeKey } from '../kit/keys.js';
import { OwnServer } from '../faults/support/own-server.js';
import { SmallDisk } from '../faults/support/small-disk.js';
import { intensity } from '../setup/intensity.js';
import { injection } from './support/injections.js';
import type { RandomChoices } from './support/random-choices.js';
import { anyVariables, ownVariables } from './support/server-variables.js';
import { Trials } from './support/trials.js';

/** The logs of the server, and some data. */
const MEBIBYTES = 900;
const BACK_MS_MAX = 60_000;
const TEXTS_PER_ROUND = 8;

/** "loose": MySQL 9 no longer has it, and always ignores what it does not know. */
const OPTIONS = ['--loose-skip-character-set-client-handshake'];

/** Whatever a hostile text may do, it must not do it here. */
const ELSEWHERE: readonly string[] = [
  'SHOW TABLES FROM rowlock',
  'SELECT * FROM rowlock.api_keys ORDER BY id',
  'SELECT * FROM rowlock.organisers ORDER BY id',
  "SELECT * FROM rowlock.events WHERE name = 'Witness'",
  'SELECT DISTINCT capacity FROM rowlock.sections ORDER BY capacity',
];

const trials = new Trials();

describe('a server with random settings', () => {
  let disk: SmallDisk;
  let server: OwnServer;
  let service: ServiceProcess | undefined;
  let eventId: string;
  /** Identifiers that were sent, and those whose booking was confirmed. */
  const sent = new Set<string>();
  const booked = new Set<string>();

  beforeAll(async () => {
    server = await OwnServer.start((data) => (disk = new SmallDisk(data, MEBIBYTES)), OPTIONS);
    await makeKey(server.url, 'Tap', ['bookings:read']);
    const { api } = await start();
    await api.open(7, 'Witness');
    eventId = await api.open(1_000_000);
    await stop();
  });
  afterEach(() => stop());
  afterAll(async () => {
    disk.clear();
    await server.stop();
    disk.unmount();
    server.remove();
  });

  const start = async (): Promise<ServiceProcess> =>
    (service = await ServiceProcess.start({ DATABASE_URL: server.url }));
  const stop = async (): Promise<void> => {
    const running = service;
    service = undefined;
    if (running !== undefined) expect(await running.stop()).toBe(0);
  };

  const engine = () => (server.isMariaDb ? 'MariaDB' : 'MySQL');
  const elsewhere = () => Promise.all(ELSEWHERE.map((sql) => server.rows(sql)));

  const book = async (api: Api, identifier: string): Promise<Answer> => {
    sent.add(identifier);
    const headers = { 'Idempotency-Key': `"${identifier.replaceAll(/[^ !#-~]/g, '')}"` };
    const answer = await api.post('/book', { eventId, identifier }, headers);
    if (answer.status === 201) booked.add(identifier);
    return answer;
  };

  /** Everybody who has booked is stored, byte for byte, and nobody who was never sent. */
  const assertKept = async (): Promise<void> => {
    const rows = await server.rows<{ readonly text: string }>(
      'SELECT HEX(CONVERT(identifier USING utf8mb4)) AS text FROM rowlock.users',
    );
    const stored = new Set(rows.map(({ text }) => Buffer.from(text, 'hex').toString()));
    expect([...booked].filter((text) => !stored.has(text))).toEqual([]);
    expect([...stored].filter((text) => !sent.has(text))).toEqual([]);
  };

  /** Sends the text wherever one is stored, and reads it back. */
  const sendEverywhere = async (api: Api, text: string): Promise<void> => {
    const made = await api.post('/v1/events', { name: text, totalTickets: 7, venue: text });
    expect([text, made.status]).toEqual([text, 201]);
    const path = `/v1/events/${made.body.id}`;
    const read = await api.get(path);
    expect(read.body).toMatchObject({ name: text, venue: text });
    const edited = await api.patch(path, { description: `${text}\n${text}` });
    expect(edited.body).toMatchObject({ name: text, description: `${text}\n${text}` });
    expect([text, (await book(api, text)).status]).toEqual([text, 201]);
    const query = new URLSearchParams({ eventId, identifier: text }).toString();
    const list = await api.get<{ readonly data: unknown[] }>(`/v1/bookings?${query}`);
    expect([text, list.body.data?.length]).toEqual([text, 1]);
  };

  const withSettings = async (statements: readonly string[], work: () => Promise<void>) => {
    await server.execute(...statements);
    try {
      await work();
    } catch (error) {
      throw new Error(`${statements.join('; ')}\n${(error as Error).message}`, { cause: error });
    } finally {
      await stop();
      await server.execute(...ownVariables(engine()));
    }
  };

  it('is served from, keeps every text as it was sent, and no text becomes SQL', async () => {
    await trials.run(
      (random, nth) =>
        withSettings(anyVariables(random, engine()), async () => {
          const { api } = await start();
          await api.open(7);
          const before = await elsewhere();
          for (let text = 0; text < TEXTS_PER_ROUND; text += 1)
            await sendEverywhere(api, injection(random, `r${nth}t${text}`));
          expect(await elsewhere()).toEqual(before);
          await assertKept();
        }),
      intensity('FUZZ_SERVER_ROUNDS'),
    );
    await assertInvariants(server.url);
  });

  /** Sends hostile texts while nothing can be stored. */
  const assertRefused = async (api: Api, random: RandomChoices): Promise<void> => {
    for (let nth = 0; nth < 3; nth += 1) {
      const identifier = injection(random, `x${nth}`);
      const query = new URLSearchParams({ eventId, identifier }).toString();
      const answers = [
        await book(api, identifier),
        await api.get(`/v1/bookings?${query}`),
        await api.get(`/status/${eventId}`),
      ];
      for (const { status } of answers) expect([200, 201, 503]).toContain(status);
    }
  };

  it('answers 503 in offline_mode, which MariaDB lacks', async () => {
    if (server.isMariaDb) return;
    const { api } = await start();
    await server.execute('SET GLOBAL offline_mode = ON');
    try {
      await trials.run((random) => assertRefused(api, random), 1);
    } finally {
      await server.execute('SET GLOBAL offline_mode = OFF');
    }
    await eventually('ready', async () => (await api.get('/health/ready')).status === 200);
    await assertKept();
  });

  // MySQL continues up to a minute after there is space again (faults/full-disk.spec.ts), but can be read.
  it('answers 503 on a full disk, and has kept what it confirmed', async () => {
    const { api } = await start();
    disk.fill();
    await trials.run(async (random) => {
      let nth = 0;
      let last: Answer;
      do last = await book(api, injection(random, `d${(nth += 1)}`));
      while (last.status === 201);
      expect(last.status).toBe(503);
      await assertRefused(api, random);
    }, 1);
    disk.clear();
    // MariaDB 10.11 may have aborted; its launcher starts it again.
    const isBack = () =>
      server.reconnect().then(
        () => true,
        () => false,
      );
    await eventually('the server is back', isBack, BACK_MS_MAX);
    await assertKept();
    await assertInvariants(server.url);
  });
});
