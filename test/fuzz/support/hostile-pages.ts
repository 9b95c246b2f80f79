import fc from 'fast-check';
import type { Header } from './draft.js';
import type { RandomChoices } from './random-choices.js';

/** Hosts of the machine itself, as they stand in `Host`. */
const OWN_NAMES: readonly string[] = ['localhost', '127.0.0.1', '[::1]', 'LocalHost', '127.8.9.10'];

const FOREIGN: readonly string[] = [
  ['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example', 'app.localhost'],
  [
    'notlocalhost',
    '0.0.0.0',
    '[::]',
    '10.0.0.6',
    '[2001:db8::1]',
    '[::ffff:10.0.0.6]',
    '3232235777',
  ],
].flat();

/** Parsers of URLs disagree about many of these. */
const ILL_FORMED: readonly string[] = [
  [
    'evil.example@localhost',
    'localhost@evil.example',
    'a:b@localhost',
    'localhost:3000@evil.example',
  ],
  ['localhost/evil.example', 'localhost#evil.example', 'localhost?evil', 'localhost\\evil.example'],
  ['localhost, evil.example', 'evil.example localhost', 'localhost evil.example', '"localhost"'],
  [
    '[::1',
    '::1',
    '[localhost]',
    '[::1]evil',
    '[fe80::1%25lo]',
    'localhost:99999',
    'localhost:3000:1',
  ],
  [
    'localhost:x',
    'localhost:-1',
    '%6cocalhost',
    'localhost%00.evil',
    'loc\xe4lhost',
    'xn--',
    '',
    '.',
  ],
  ['http://localhost', '//localhost', ':3000', '*', 'localhost..'],
].flat();

const foreignHost = (): fc.Arbitrary<string> =>
  fc.oneof(
    fc.domain(),
    fc.ipV4().filter((address) => !address.startsWith('127.')),
    fc
      .ipV6()
      .filter((address) => /^[2-9a-e][\da-f]{3}:/.test(address))
      .map((address) => `[${address}]`),
  );

const withPort = (random: RandomChoices, host: string): string =>
  host + random.pick(['', ':3000', ':80', `:${random.below(65_536)}`]);

export const ownHost = (random: RandomChoices): string => withPort(random, random.pick(OWN_NAMES));

const anyForeignHost = (random: RandomChoices): string =>
  withPort(random, random.percent(50) ? random.pick(FOREIGN) : random.of(foreignHost));

/** Headers of a client that was led here by another name, or hides by which. */
export function hostileHosts(random: RandomChoices): Header[] {
  const kind = random.pick(['foreign', 'foreign', 'ill-formed', 'several', 'none']);
  if (kind === 'none') return [];
  if (kind === 'foreign') return [['Host', anyForeignHost(random)]];
  if (kind === 'ill-formed') return [['Host', random.pick(ILL_FORMED)]];
  const hosts = [ownHost(random), random.percent(80) ? anyForeignHost(random) : ownHost(random)];
  return (random.percent(50) ? hosts : hosts.toReversed()).map((host) => ['Host', host]);
}

/** None has a host of OWN_NAMES: of those, any port is right while `Host` has none. */
const ORIGINS: readonly string[] = [
  ['http://evil.example', 'https://evil.example', 'null', '', 'http://localhost.evil.example'],
  ['http://localhost@evil.example', 'file://', 'chrome-extension://abcdef', 'http://', 'localhost'],
  [
    'http://127.1.2.3:1',
    'https://10.0.0.6',
    'http://[::2]',
    '*',
    'evil.example',
    'http://evil\xe9',
  ],
].flat();

const SITES: readonly string[] = [
  ['cross-site', 'same-site', 'Cross-Site', 'same-origin, cross-site', 'none, cross-site', 'own'],
  ['', 'SAME-ORIGIN', '"same-origin"', 'same-origin;', 'null', 'same\xe9'],
].flat();

/** What a browser, or something like it, says when a page of another origin asks. */
export function foreignPage(random: RandomChoices): Header[] {
  const origin = random.percent(30) ? `https://${anyForeignHost(random)}` : random.pick(ORIGINS);
  const headers: Header[] = [
    ['Origin', origin],
    ['Sec-Fetch-Site', random.pick(SITES)],
  ];
  if (random.percent(40)) return headers;
  // One of the two is enough, even if the other is fine or missing.
  const [kept] = random.percent(50) ? headers : headers.toReversed();
  return random.percent(50) || kept![0] === 'Sec-Fetch-Site'
    ? [kept!]
    : [kept!, ['Sec-Fetch-Site', random.pick(['same-origin', 'none'])]];
}

/** What a program, or a browser on a page of this host, says. */
export function ownPage(random: RandomChoices, host: string): Header[] {
  const headers: Header[] = [
    ['Origin', new URL(`http://${host}`).origin],
    ['Sec-Fetch-Site', random.pick(['same-origin', 'none'])],
  ];
  return headers.filter(() => random.percent(60));
}
