import { type Answer, ServiceProcess, useDatabase } from '../kit/index.js';
import { brokenTag, listed, proxiedTag } from './support/entity-tags.js';
import type { RandomChoices } from './support/random-choices.js';
import { Trials } from './support/trials.js';

const trials = new Trials();

type Kind = (random: RandomChoices, version: number) => string;

const other = (random: RandomChoices, version: number): number =>
  random.percent(50) ? version + 1 + random.below(12) : Math.max(0, version - 1 - random.below(12));

/** Values of `If-Match` that name the version. */
const NAMING: readonly Kind[] = [
  () => '*',
  proxiedTag,
  (random, version) =>
    listed(random, [proxiedTag(random, other(random, version)), proxiedTag(random, version)]),
  (random, version) => listed(random, [proxiedTag(random, version), brokenTag(random, version)]),
];

/** Values that name another version, or none. */
const NOT_NAMING: readonly Kind[] = [
  (random, version) => proxiedTag(random, other(random, version)),
  brokenTag,
  (random, version) =>
    listed(random, [proxiedTag(random, other(random, version)), brokenTag(random, version)]),
];

describe('entity tags as proxies send them back', () => {
  const database = useDatabase();
  let service: ServiceProcess;
  let path: string;

  beforeAll(async () => {
    service = await ServiceProcess.start({ DATABASE_URL: database.url });
    path = `/v1/events/${await service.api.open(10)}`;
  });
  afterAll(async () => {
    expect(await service.stop()).toBe(0);
  });

  const read = (headers = {}): Promise<Answer> => service.api.send('GET', path, undefined, headers);
  const told = (value: string, { status }: Answer): string => `${JSON.stringify(value)}: ${status}`;

  it('in If-Match allow an edit only if they name the current version', async () => {
    await trials.run(async (random, nth) => {
      const before = await read();
      const { version } = before.body;
      const names = random.percent(50);
      const value = random.pick(names ? NAMING : NOT_NAMING)(random, version);
      const edited = await service.api.patch(path, { name: `Night ${nth}` }, { 'If-Match': value });
      expect(told(value, edited)).toBe(`${JSON.stringify(value)}: ${names ? 200 : 412}`);
      const after = await read();
      if (names) expect(after.headers['etag']).toBe(edited.headers['etag']);
      else expect(after.body).toEqual(before.body);
    });
  });

  it('in If-None-Match change nothing: every read returns the event', async () => {
    const { body, headers } = await read();
    await trials.run(async (random) => {
      const kind = random.pick([...NAMING, ...NOT_NAMING]);
      const value = kind(random, body.version);
      const answer = await read({ 'If-None-Match': value });
      expect(told(value, answer)).toBe(`${JSON.stringify(value)}: 200`);
      expect(answer.body).toEqual(body);
      expect(answer.headers['etag']).toBe(headers['etag']);
    });
  });
});
