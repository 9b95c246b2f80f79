import { assertInvariants, useDatabase } from '../kit/index.js';
import { intensity } from '../setup/intensity.js';
import { auditAll } from './support/audits.js';
import { planned } from './support/campaign.js';
import { type FuzzedService, startFuzzed } from './support/fuzzed-service.js';
import { faultsInLog } from './support/log-faults.js';
import { ordinaryRequests } from './support/ordinary-requests.js';
import { type Gauges, gaugesOf } from './support/gauges.js';

/** With fewer, an operation may have been unlucky. */
const TELLING_REQUESTS = 20_000;
const MINUTES = 60_000;
/** In percent, per operation. */
const PAST_VALIDATION_MIN = 15;
/** It needs about 210 MB after 20,000 or 100,000 requests; the rest is for other machines. */
const MEGABYTES_MAX = 400;

const plan = planned();

describe('a service that receives valid, mutated and broken requests', () => {
  const database = useDatabase();
  let fuzzed: FuzzedService;
  let before: { readonly answers: readonly string[]; readonly gauges: Gauges };

  const gauges = (): Promise<Gauges> => gaugesOf(fuzzed.service.api.baseUrl, fuzzed.secrets[0]!);

  beforeAll(async () => {
    fuzzed = await startFuzzed(database.url, plan);
    before = { answers: await ordinaryRequests(fuzzed.organisers[0]!), gauges: await gauges() };
    await fuzzed.campaign.run();
  }, 5 * MINUTES);

  it('answers each request as documented, within 15 s and without an internal error', () => {
    fuzzed.campaign.assertFaultless();
    expect(fuzzed.campaign.requests).toBe(plan.only === undefined ? plan.requests : 1);
  });

  it('answered every operation successfully, and not only with validation errors', () => {
    const { campaign } = fuzzed;
    if (campaign.requests < TELLING_REQUESTS) return;
    const poor = campaign.tally.operations.filter(
      ({ answered, succeeded, pastValidation }) =>
        succeeded === 0 || pastValidation < (answered * PAST_VALIDATION_MIN) / 100,
    );
    expect(poor).toEqual([]);
  });

  it('is the same process as before, ready, and has not grown', async () => {
    expect((await fuzzed.service.api.get('/health/ready')).status).toBe(200);
    const { startedAt, megabytes } = await gauges();
    expect(startedAt).toBe(before.gauges.startedAt);
    expect(megabytes).toBeLessThan(MEGABYTES_MAX);
  });

  it('answers ordinary requests as before', async () => {
    expect(await ordinaryRequests(fuzzed.organisers[0]!)).toEqual(before.answers);
  });

  it(
    'has sold no more places than there are, and counts them correctly',
    async () => {
      const { booked } = await assertInvariants(database.url);
      expect(booked).toBeGreaterThan(0);
      for (const organiser of fuzzed.organisers) {
        expect(await auditAll(organiser)).toBeGreaterThan(0);
      }
    },
    2 * MINUTES,
  );

  it('has logged one line per request, and nothing that a client sent', async () => {
    const { service, secrets, campaign } = fuzzed;
    expect(await service.stop()).toBe(0);
    expect(faultsInLog(service.output, secrets)).toEqual([]);
    const lines = service.output.match(/"msg":"request"/g) ?? [];
    // Broken HTTP has no line, and neither has /health.
    expect(lines.length).toBeGreaterThan(campaign.requests * 0.7);
  });
});

describe('a fuzzed service with rate limits', () => {
  const database = useDatabase();
  let fuzzed: FuzzedService;

  beforeAll(async () => {
    const limited = { ...plan, requests: intensity('FUZZ_LIMITED_REQUESTS'), only: undefined };
    fuzzed = await startFuzzed(database.url, limited, {
      RATE_LIMIT_ENABLED: 'true',
      RATE_LIMIT_READS_PER_ADDRESS: '300',
      RATE_LIMIT_WRITES_PER_ADDRESS: '300',
      RATE_LIMIT_WINDOW_SECONDS: '60',
    });
    await fuzzed.campaign.run();
  }, MINUTES);

  it('answers each request as documented, including those over the limit', async () => {
    fuzzed.campaign.assertFaultless();
    expect(fuzzed.campaign.tally.of(429)).toBeGreaterThan(100);
    expect(await fuzzed.service.stop()).toBe(0);
    expect(faultsInLog(fuzzed.service.output, fuzzed.secrets)).toEqual([]);
  });
});
