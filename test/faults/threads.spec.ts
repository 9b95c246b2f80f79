import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Api, ServiceProcess, useDatabase } from '../kit/index.js';
import { eventually } from '../kit/eventually.js';
import { fullRunIt, isFull } from '../setup/intensity.js';
import { ClientLedger } from './support/ledger.js';

const FAULTS = join(__dirname, 'support/thread-faults.cjs');
const BOOKINGS = isFull ? 2_000 : 400;
const CLIENTS = 64;

jest.setTimeout(60_000);

async function eachOf(count: number, run: (index: number) => Promise<void>): Promise<void> {
  let next = 0;
  const client = async (): Promise<void> => {
    while (next < count) await run(next++);
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
}

describe('the threads of the service', () => {
  const database = useDatabase();
  const folder = mkdtempSync(join(tmpdir(), 'rowlock-threads-'));
  const crashWhen = join(folder, 'crash');
  let service: ServiceProcess | undefined;

  const start = async (faults: NodeJS.ProcessEnv): Promise<ServiceProcess> => {
    service = await ServiceProcess.start({
      DATABASE_URL: database.url,
      NODE_OPTIONS: `--require ${FAULTS}`,
      ...faults,
    });
    return service;
  };

  afterEach(() => service?.stop());
  afterAll(() => rmSync(folder, { recursive: true }));

  it('engine crashes: clean 503s, nothing acknowledged is lost, and it recovers by itself', async () => {
    const { api } = await start({ CRASH_ENGINE_WHEN: crashWhen });
    const eventId = await api.open(BOOKINGS);
    const ledger = new ClientLedger();
    await eachOf(BOOKINGS, async (index) => {
      if (index === BOOKINGS / 4 || index === BOOKINGS / 2) writeFileSync(crashWhen, '');
      const identifier = `person-${index}@x`;
      await ledger.enter(identifier, 1, book(api, eventId, identifier));
    });
    expect(ledger.counts.unknown).toBeGreaterThan(0);
    expect(ledger.counts.unknown).toBeLessThanOrEqual(2 * CLIENTS);
    expect(ledger.counts.acknowledged).toBeGreaterThan(BOOKINGS / 2);
    for (const identifier of ledger.unanswered) {
      await ledger.enterRepeated(identifier, book(api, eventId, identifier));
    }
    await ledger.compare(database, eventId);
    expect((await api.send('GET', '/health/ready')).status).toBe(200);
    expect(service!.output).toContain('The engine thread failed; starting another');
  });

  fullRunIt('HTTP stalls: transactions take no longer', async () => {
    const durations = [];
    for (const stallMs of ['0', '500']) {
      const { api } = await start({ STALL_HTTP_MS: stallMs });
      const eventId = await api.open(BOOKINGS);
      await eachOf(BOOKINGS, async (index) => {
        expect((await api.book(eventId, `person-${index}@x`)).status).toBe(201);
      });
      durations.push(await slowestBatch(api));
      await service!.stop();
    }
    const [usual, stalled] = durations;
    expect(stalled).toBeLessThanOrEqual(Math.max(0.25, usual!));
  });

  it('stops while the engine is starting again', async () => {
    const { api } = await start({ CRASH_ENGINE_WHEN: crashWhen });
    writeFileSync(crashWhen, '');
    await eventually('the crash', () => service!.output.includes('starting another'));
    const late = api.book(await api.open(1), 'ann');
    await sleep(50);
    expect(await service!.stop()).toBe(0);
    expect((await late).status).toBe(201);
  });
});

const book = (api: Api, eventId: string, identifier: string) =>
  api.post('/book', { eventId, identifier }, { 'Idempotency-Key': identifier });

/** The upper bound of the histogram's bucket that holds all batches, in seconds. */
async function slowestBatch(api: Api): Promise<number> {
  const text = await (await fetch(`${api.baseUrl}/metrics`)).text();
  const buckets = [
    ...text.matchAll(/^rowlock_batch_duration_seconds_bucket\{le="(.+)"\} (\d+)$/gm),
  ];
  const all = Number(/^rowlock_batch_duration_seconds_count (\d+)$/m.exec(text)![1]);
  return Number(buckets.find(([, , count]) => Number(count) === all)![1]);
}
