import fc from 'fast-check';
import type { RandomChoices } from './random-choices.js';
import type { Draft, Header } from './draft.js';
import { anyTag } from './entity-tags.js';
import { CANARY, hostileText, NAMES, textOfLength } from './hostile-values.js';

/** Texts in place of an id; `operation` stays, because the path keeps its number of parts. */
const IDS: readonly string[] = [
  ['%00', '%ff', '%c0%af', '%ed%a0%80', '%', '%zz', '%2', '%2e%2e%2f', '..%2f..%2fetc%2fpasswd'],
  ['%2F', '%252F', '0', '-1', '1e309', 'null', 'undefined', '[object%20Object]', '__proto__'],
  ['constructor', 'x'.repeat(100), 'x'.repeat(101), 'x'.repeat(3_000), '%00'.repeat(40), '*'],
  `${CANARY}'%20OR%20'1'='1`,
  `${CANARY}%0d%0aX-Injected:%20yes`,
  `${CANARY}%0a%7b%22level%22:60%7d`,
  `${CANARY};jsessionid=1`,
  '01A1FD46-0000-7000-8000-000000000001',
  '01a1fd46-0000-7000-8000-000000000001%00',
  '01a1fd46000070008000000000000001',
].flat();

/** Paths that the service may read in any way. */
const ADDRESSES: readonly string[] = [
  ['/', '//', '/.', '/..', '/%2e%2e/', '/*', '*', '/%00', '/%ff', '/\\', '/;', '/?', '/#'],
  ['/v1', '/v1/', '/v1//events', '/v1/events/', '/V1/EVENTS', '/v1/./events', '/v1/x/../events'],
  [
    '/v1/events/../../etc/passwd',
    '/v1/events/%2e%2e%2f%2e%2e%2fpackage.json',
    '/status/',
    '/book/',
  ],
  ['/metrics', '/metrics/', '/openapi.json', '/docs', '/docs/', '/docs/swagger-ui.css', '/docs/x'],
  [
    '/docs/..%2fpackage.json',
    '/docs/..%2f..%2f..%2fpackage.json',
    '/docs/%2e%2e',
    '/docs/__proto__',
  ],
  ['/.env', '/.git/config', '/package.json', '/dist/src/main.js', '/admin', '/debug/pprof'],
  ['/__proto__', '/constructor', '/toString', '/health/', '/health/ready/x', '/health;x'],
  ['http://127.0.0.1/health', 'http://evil.example/health', '//evil.example/health', 'health'],
  `/${CANARY}%0d%0aX-Injected:%20yes`,
  `/${CANARY}${'/x'.repeat(3_000)}`,
].flat();

const METHODS: readonly string[] = [
  ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND', 'PURGE'],
  ['SEARCH', 'M-SEARCH', 'LINK', 'QUERY', 'SOURCE'],
].flat();

/** Escaped or as it stands, without characters that would end the line. */
const inAddress = (random: RandomChoices, text: string): string =>
  random.percent(70)
    ? encodeURIComponent(text.toWellFormed())
    : Buffer.from(text)
        .toString('latin1')
        .replaceAll(/[\s#?]/g, '');

export function mutateAddress(random: RandomChoices, draft: Draft): void {
  const [path = '', query] = draft.target.split('?');
  const harm = random.pick(['id', 'id', 'query', 'query', 'query', 'address', 'method']);
  if (harm === 'id' && draft.operation?.path.includes('{') === true) {
    const [prefix, suffix = ''] = draft.operation.path.split(/\{\w+\}/);
    draft.target = `${prefix}${random.pick(IDS)}${suffix}`;
  } else if (harm === 'address') {
    draft.target = random.percent(70)
      ? random.pick(ADDRESSES)
      : path + inAddress(random, hostileText(random));
    draft.operation = undefined;
  } else if (harm === 'method') {
    draft.method = random.pick(METHODS);
    draft.operation = undefined;
  } else draft.target = `${path}?${spoiled(random, draft, query)}`;
  draft.harm.push(harm);
}

/** Longer than all headers together may be. */
const QUERY_LENGTH_MAX = 20_000;

function spoiled(random: RandomChoices, { operation }: Draft, query = ''): string {
  const known = operation?.parameters.filter((one) => one.in === 'query') ?? [];
  const value = inAddress(random, random.percent(85) ? hostileText(random) : textOfLength(random));
  if (known.length > 0 && random.percent(60)) {
    // One value is replaced, and the rest stays valid.
    const { name } = random.pick(known);
    const others = query.split('&').filter((part) => part !== '' && !part.startsWith(`${name}=`));
    return [...others, `${name}=${value}`].join('&').slice(0, QUERY_LENGTH_MAX);
  }
  const name = random.pick([...known.map((one) => one.name), ...NAMES.map(encodeURIComponent)]);
  const part = oddPart(random, name, value).slice(0, QUERY_LENGTH_MAX);
  return random.percent(50) && query !== '' ? `${query}&${part}` : part;
}

const oddPart = (random: RandomChoices, name: string, value: string): string =>
  random.pick([
    `${name}=${value}`,
    `${name}[]=${value}`,
    `${name}[__proto__][polluted]=1`,
    `${name}=1&${name}=2`,
    `${name}=${'1'.repeat(400)}`,
    name,
    `${'&'.repeat(500)}=`,
    `${name}=%ff%zz%`,
    Array.from({ length: 1_000 }, (_, nth) => `a${nth}=${nth}`).join('&'),
  ]);

const bytes = (): fc.Arbitrary<string> =>
  fc.uint8Array({ minLength: 1, maxLength: 40 }).map((all) => Buffer.from(all).toString('latin1'));

const someByte = (random: RandomChoices): string => String.fromCharCode(random.below(256));

/** Values for each of our headers. */
const HEADERS: Readonly<Record<string, (random: RandomChoices) => string>> = {
  'Idempotency-Key': (random) =>
    random.pick([`${CANARY}${someByte(random)}k`, `"${CANARY}${someByte(random)}"`, '', '""', '"']),
  'If-Match': anyTag,
  'X-Request-Id': (random) =>
    `${CANARY}${someByte(random)}${'x'.repeat(random.pick([0, 60, 6_000]))}`,
  Authorization: (random) =>
    random.pick([
      '',
      'Bearer',
      'Bearer ',
      'Basic YTpi',
      `Bearer ${CANARY}`,
      'Bearer a b',
      'bearer\tx',
      `Bearer rl_${CANARY}_' OR '1'='1`,
      `Bearer ${'k'.repeat(8_000)}`,
      'Digest username="a"',
    ]),
  'Content-Type': (random) =>
    random.pick([
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'application/json; charset=utf-16',
      'application/json;charset',
      'application/jsonx',
      'json',
      '',
      'application/vnd.api+json',
      'APPLICATION/JSON',
      'application/json, text/plain',
      ';',
      '*/*',
    ]),
  Accept: (random) =>
    random.pick(['', 'text/html', '*/*;q=0', 'application/xml', ','.repeat(3_000)]),
  'Accept-Encoding': (random) => random.pick(['gzip', 'br;q=1.0', 'identity;q=0', '*;q=0']),
  'Content-Encoding': (random) => random.pick(['gzip', 'br', 'identity', 'x']),
  Host: (random) =>
    random.pick(['evil.example', '', '127.0.0.1:99999', `${CANARY}@x`, 'a b', '[::1', '%00']),
  'X-Forwarded-For': (random) =>
    random.pick(['127.0.0.1', `${CANARY}, 1.2.3.4`, '::', '1'.repeat(3_000)]),
  'X-HTTP-Method-Override': (random) => random.pick(['DELETE', 'PATCH']),
  Expect: (random) => random.pick(['100-continue', `200-${CANARY}`, '']),
  Upgrade: (random) => random.pick(['websocket', 'h2c', CANARY]),
  Connection: (random) => random.pick(['close', 'upgrade', 'keep-alive, close', 'Host', CANARY]),
  Cookie: (random) => `${CANARY}=${'c'.repeat(random.pick([1, 4_000]))}`,
  Traceparent: (random) =>
    random.pick(['00-0-0-0', `00-${'f'.repeat(32)}-${'f'.repeat(16)}-ff`, CANARY]),
  Range: (random) => random.pick(['bytes=0-0', 'bytes=-1,5-', CANARY]),
  'If-None-Match': anyTag,
};

export function mutateHeader(random: RandomChoices, draft: Draft): void {
  const name = random.pick(Object.keys(HEADERS));
  const value = random.percent(80) ? HEADERS[name]!(random) : wildValue(random);
  const others = draft.headers.filter(([one]) => one !== name || random.percent(10));
  draft.headers = [...others, [name, value] as Header];
  draft.harm.push(name);
}

const wildValue = (random: RandomChoices): string =>
  random.percent(50)
    ? CANARY + random.of(bytes)
    : Buffer.from(hostileText(random)).toString('latin1');
