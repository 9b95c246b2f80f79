import fc from 'fast-check';
import type { Dice } from './dice.js';
import type { Draft, Header } from './draft.js';
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
const inAddress = (dice: Dice, text: string): string =>
  dice.percent(70)
    ? encodeURIComponent(text.toWellFormed())
    : Buffer.from(text)
        .toString('latin1')
        .replaceAll(/[\s#?]/g, '');

export function mutateAddress(dice: Dice, draft: Draft): void {
  const [path = '', query] = draft.target.split('?');
  const harm = dice.pick(['id', 'id', 'query', 'query', 'query', 'address', 'method']);
  if (harm === 'id' && draft.operation?.path.includes('{') === true) {
    const [prefix, suffix = ''] = draft.operation.path.split(/\{\w+\}/);
    draft.target = `${prefix}${dice.pick(IDS)}${suffix}`;
  } else if (harm === 'address') {
    draft.target = dice.percent(70)
      ? dice.pick(ADDRESSES)
      : path + inAddress(dice, hostileText(dice));
    draft.operation = undefined;
  } else if (harm === 'method') {
    draft.method = dice.pick(METHODS);
    draft.operation = undefined;
  } else draft.target = `${path}?${spoiled(dice, draft, query)}`;
  draft.harm.push(harm);
}

/** Longer than all headers together may be. */
const QUERY_LENGTH_MAX = 20_000;

function spoiled(dice: Dice, { operation }: Draft, query = ''): string {
  const known = operation?.parameters.filter((one) => one.in === 'query') ?? [];
  const value = inAddress(dice, dice.percent(85) ? hostileText(dice) : textOfLength(dice));
  if (known.length > 0 && dice.percent(60)) {
    // One value is replaced, and the rest stays valid.
    const { name } = dice.pick(known);
    const others = query.split('&').filter((part) => part !== '' && !part.startsWith(`${name}=`));
    return [...others, `${name}=${value}`].join('&').slice(0, QUERY_LENGTH_MAX);
  }
  const name = dice.pick([...known.map((one) => one.name), ...NAMES.map(encodeURIComponent)]);
  const part = oddPart(dice, name, value).slice(0, QUERY_LENGTH_MAX);
  return dice.percent(50) && query !== '' ? `${query}&${part}` : part;
}

const oddPart = (dice: Dice, name: string, value: string): string =>
  dice.pick([
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

const someByte = (dice: Dice): string => String.fromCharCode(dice.below(256));

/** Values for each of our headers. */
const HEADERS: Readonly<Record<string, (dice: Dice) => string>> = {
  'Idempotency-Key': (dice) =>
    dice.pick([`${CANARY}${someByte(dice)}k`, `"${CANARY}${someByte(dice)}"`, '', '""', '"']),
  'If-Match': (dice) =>
    dice.pick([
      '*',
      '"',
      '""',
      'W/"1"',
      '"1", "2"',
      '"-1"',
      '"1e309"',
      '"99999999999999999999"',
      '1',
    ]),
  'X-Request-Id': (dice) => `${CANARY}${someByte(dice)}${'x'.repeat(dice.pick([0, 60, 6_000]))}`,
  Authorization: (dice) =>
    dice.pick([
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
  'Content-Type': (dice) =>
    dice.pick([
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
  Accept: (dice) => dice.pick(['', 'text/html', '*/*;q=0', 'application/xml', ','.repeat(3_000)]),
  'Accept-Encoding': (dice) => dice.pick(['gzip', 'br;q=1.0', 'identity;q=0', '*;q=0']),
  'Content-Encoding': (dice) => dice.pick(['gzip', 'br', 'identity', 'x']),
  Host: (dice) =>
    dice.pick(['evil.example', '', '127.0.0.1:99999', `${CANARY}@x`, 'a b', '[::1', '%00']),
  'X-Forwarded-For': (dice) =>
    dice.pick(['127.0.0.1', `${CANARY}, 1.2.3.4`, '::', '1'.repeat(3_000)]),
  'X-HTTP-Method-Override': (dice) => dice.pick(['DELETE', 'PATCH']),
  Expect: (dice) => dice.pick(['100-continue', `200-${CANARY}`, '']),
  Upgrade: (dice) => dice.pick(['websocket', 'h2c', CANARY]),
  Connection: (dice) => dice.pick(['close', 'upgrade', 'keep-alive, close', 'Host', CANARY]),
  Cookie: (dice) => `${CANARY}=${'c'.repeat(dice.pick([1, 4_000]))}`,
  Traceparent: (dice) =>
    dice.pick(['00-0-0-0', `00-${'f'.repeat(32)}-${'f'.repeat(16)}-ff`, CANARY]),
  Range: (dice) => dice.pick(['bytes=0-0', 'bytes=-1,5-', CANARY]),
  'If-None-Match': (dice) => dice.pick(['*', '"1"']),
};

export function mutateHeader(dice: Dice, draft: Draft): void {
  const name = dice.pick(Object.keys(HEADERS));
  const value = dice.percent(80) ? HEADERS[name]!(dice) : wildValue(dice);
  const others = draft.headers.filter(([one]) => one !== name || dice.percent(10));
  draft.headers = [...others, [name, value] as Header];
  draft.harm.push(name);
}

const wildValue = (dice: Dice): string =>
  dice.percent(50) ? CANARY + dice.of(bytes) : Buffer.from(hostileText(dice)).toString('latin1');
